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

  private final MemorySegment segment;
  private final ElementKind element;
  private final int depth;
  private final int columns;
  private final int panelColumns;

  PackedMatrix(
      MemorySegment segment, ElementKind element, int depth, int columns, int panelColumns) {
    this.segment = segment;
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
    long pieces = panels * Math.ceilDiv(depth, TileSet.DEPTH_BLOCK);
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
    long piece = (long) depthStart / TileSet.DEPTH_BLOCK * panels() + column / panelColumns;
    long elements = (long) panels() * panelColumns * depthStart + (long) column * depth;
    return (elements + piece * TileSet.SLACK) * element.sizeBytes();
  }

  @Override
  public String toString() {
    return "PackedMatrix[" + element + " " + depth + " x " + columns + "]";
  }
}
