package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * The right-hand matrix of a product in the order in which tiles read it, for matrices that do not
 * change, such as weights. Made by {@link MatrixProduct#pack} and good for every product with the
 * same depth, columns and element type, whatever its number of rows.
 *
 * <p>Immutable; valid as long as the arena it was packed into.
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
    long padded = (long) Math.ceilDiv(columns, panelColumns) * panelColumns;
    return (padded * depth + TileSet.SLACK) * element.sizeBytes();
  }

  MemorySegment segment() {
    return segment;
  }

  boolean fits(ElementKind element, int depth, int columns, int panelColumns) {
    return this.element == element
        && this.depth == depth
        && this.columns == columns
        && this.panelColumns == panelColumns;
  }

  /** Where the panel that begins with {@code column} lies for one block of depth. */
  long panelOffset(int column, int depthStart, int depth) {
    long padded = (long) Math.ceilDiv(columns, panelColumns) * panelColumns;
    return (padded * depthStart + (long) column * depth) * element.sizeBytes();
  }

  @Override
  public String toString() {
    return "PackedMatrix[" + element + " " + depth + " x " + columns + "]";
  }
}
