package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * The right-hand matrix of a product in the order in which tiles read it, for matrices that do not
 * change, such as weights. Made by {@link MatrixProduct#allocatePacked} and good for every product
 * with the same depth, columns and element type, whatever its number of rows.
 *
 * <p>Changed by {@link MatrixProduct#allocatePacked} alone; valid as long as the arena it was
 * packed into.
 */
public final class PackedMatrix {

  /**
   * Which pieces follow each other, a piece being one panel over one block of depth. The processor
   * fetches ahead what is read in the order of memory alone: pieces of 48 KB in any other order
   * come from memory at half of that rate.
   */
  enum Order {
    /** The panels of a block of depth, for products that add to many sums at a time. */
    BY_DEPTH,
    /** The depth of a panel, for products that finish one panel after the other. */
    BY_PANEL
  }

  private final MemorySegment segment;
  private final Order order;
  private final ElementKind element;
  private final int depth;
  private final int columns;
  private final int panelColumns;

  PackedMatrix(
      MemorySegment segment,
      Order order,
      ElementKind element,
      int depth,
      int columns,
      int panelColumns) {
    this.segment = segment;
    this.order = order;
    this.element = element;
    this.depth = depth;
    this.columns = columns;
    this.panelColumns = panelColumns;
  }

  /** The size in bytes, slack included. */
  public long sizeBytes() {
    return segment.byteSize();
  }

  static long sizeBytes(ElementKind element, int depth, int columns, int panelColumns) {
    long panels = Math.ceilDiv(columns, panelColumns);
    long pieces = panels * DepthBlocks.count(depth);
    return (panels * panelColumns * depth + pieces * TileSet.SLACK) * element.sizeBytes();
  }

  MemorySegment segment() {
    return segment;
  }

  int depth() {
    return depth;
  }

  int columns() {
    return columns;
  }

  int panelColumns() {
    return panelColumns;
  }

  int panels() {
    return Math.ceilDiv(columns, panelColumns);
  }

  boolean fits(ElementKind element, int depth, int columns, int panelColumns) {
    return this.element == element
        && this.depth == depth
        && this.columns == columns
        && this.panelColumns == panelColumns;
  }

  /**
   * Where the panel lies that begins with {@code column}, for one block of depth. Behind each is
   * slack, so that panels can be packed in any order.
   */
  long panelOffset(int column, int depthStart, int depth) {
    long block = depthStart / DepthBlocks.length(this.depth);
    long panel = column / panelColumns;
    long elements;
    long piecesBefore;
    if (order == Order.BY_DEPTH) {
      elements = (long) panels() * panelColumns * depthStart + (long) column * depth;
      piecesBefore = block * panels() + panel;
    } else {
      elements = (long) column * this.depth + (long) panelColumns * depthStart;
      piecesBefore = panel * DepthBlocks.count(this.depth) + block;
    }
    return (elements + piecesBefore * TileSet.SLACK) * element.sizeBytes();
  }

  @Override
  public String toString() {
    return "PackedMatrix[" + element + " " + depth + " x " + columns + "]";
  }
}
