package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A product of two matrices with any strides. All strides and offsets are bytes. */
final class StridedProduct extends BlockedProduct {

  /** Where an operand lies. */
  record Operand(
      MemorySegment segment, long offset, long batchStride, long rowStride, long columnStride) {

    long at(int batch, int row, int column) {
      return offset + batch * batchStride + row * rowStride + column * columnStride;
    }
  }

  private static final int PACKED_STEPS = 16;

  private final Operand a;
  private final Operand b;
  private final PanelPacker packer;
  private final @Nullable PackedMatrix packed;
  private final @Nullable MatrixPacking packing;
  private final int elementBytes;

  /**
   * Binds the product to memory.
   *
   * @param packed where the panels of {@code b} lie if they are packed as a whole
   * @param packing what packs them first, at every run; null if they do not change
   */
  StridedProduct(
      TileSet tiles,
      Blocking blocking,
      Operand a,
      Operand b,
      @Nullable PackedMatrix packed,
      @Nullable MatrixPacking packing,
      Result result,
      @Nullable TileEpilogue epilogue) {
    super(tiles, blocking, stripLayout(tiles, a), result, epilogue);
    this.a = a;
    this.b = b;
    this.packer = new PanelPacker(tiles, b);
    this.packed = packed;
    this.packing = packing;
    this.elementBytes = tiles.element().sizeBytes();
  }

  @Override
  void runOn(WorkerPool pool) {
    if (packing != null) {
      packing.runOn(pool);
    }
    super.runOn(pool);
  }

  private static StripLayout stripLayout(TileSet tiles, Operand a) {
    return a.rowStride() == tiles.element().sizeBytes() && a.columnStride() != a.rowStride()
        ? StripLayout.BY_DEPTH
        : StripLayout.BY_ROW;
  }

  @Override
  void packStrips(
      Scratch scratch, int batch, int stripStart, int stripEnd, int depthStart, int depth) {
    // Columns are read a few steps of depth at a time, so that what lies side by side is read
    // together.
    int step = stripLayout() == StripLayout.BY_DEPTH ? PACKED_STEPS : depth;
    for (int start = 0; start < depth; start += step) {
      int steps = Math.min(step, depth - start);
      int to = start * stripLayout().depthStride();
      for (int strip = stripStart; strip < stripEnd; strip++) {
        int row = blocking.firstRow(strip);
        int rows = blocking.firstRow(strip + 1) - row;
        packStrip(scratch.strips, to, a.at(batch, row, depthStart + start), rows, steps);
        to += Scratch.STRIP_PITCH;
      }
    }
  }

  private void packStrip(Object strips, int to, long from, int rows, int depth) {
    if (stripLayout() == StripLayout.BY_DEPTH) {
      copyRows(strips, to, TileSet.DEPTH_PITCH, from, a.columnStride(), depth, rows);
    } else if (a.columnStride() == elementBytes) {
      copyRows(strips, to, TileSet.ROW_PITCH, from, a.rowStride(), rows, depth);
    } else {
      for (int row = 0; row < rows; row++) {
        // A column of single elements, row by row.
        for (int k = 0; k < depth; k++) {
          long at = from + row * a.rowStride() + k * a.columnStride();
          copyRows(strips, to + row * TileSet.ROW_PITCH + k, 0, at, 0, 1, 1);
        }
      }
    }
  }

  private void copyRows(
      Object strips, int to, int pitch, long from, long rowStride, int rows, int columns) {
    PanelMoves moves = tiles.moves();
    if (strips instanceof float[] floats) {
      moves.copyRows(a.segment(), from, rowStride, rows, columns, floats, to, pitch);
    } else {
      moves.copyRows(a.segment(), from, rowStride, rows, columns, (double[]) strips, to, pitch);
    }
  }

  @Override
  void packPanels(
      Scratch scratch, int batch, int columnStart, int columnEnd, int depthStart, int depth) {
    if (packed != null) {
      return;
    }
    int panelColumns = blocking.panelColumns();
    long panelRowBytes = (long) panelColumns * elementBytes;
    int step = packer.stepsAtOnce();
    for (int start = 0; start < depth; start += step) {
      int steps = Math.min(step, depth - start);
      long to = start * panelRowBytes;
      for (int column = columnStart; column < columnEnd; column += panelColumns) {
        int columns = Math.min(panelColumns, columnEnd - column);
        if (!readsWhereItLies(columns)) {
          packer.pack(
              batch, column, columns, depthStart + start, steps, scratch.panels, to, panelRowBytes);
          to += panelPitch(depth);
        }
      }
    }
  }

  private boolean readsWhereItLies(int columns) {
    return blocking.placement() == Blocking.Panels.IN_PLACE
        && (columns == blocking.panelColumns()
            || columns == blocking.edgeVectors() * tiles.lanes());
  }

  @Override
  long unpackedOffset(int batch, int column, int columns, int depthStart, int depth) {
    if (packed != null) {
      return packed.panelOffset(column, depthStart, depth);
    }
    return readsWhereItLies(columns) ? b.at(batch, depthStart, column) : -1;
  }

  @Override
  long followingOffset(int sweepStart, int column, int depthStart, int depth) {
    if (packed == null) {
      return -1;
    }
    int block = blocking.columnBlock(column);
    int blockEnd = blocking.firstColumn(block + 1);
    int next = column + blocking.sweepColumns();
    if (next < blockEnd) {
      return packed.panelOffset(next, depthStart, depth);
    }
    int nextDepthStart = depthStart + depth;
    next = column - sweepStart + blocking.firstColumn(block);
    if (nextDepthStart == blocking.depth() && blocking.rowBlocks() == 1) {
      nextDepthStart = 0;
      next = column - sweepStart + blockEnd;
    }
    int nextDepth =
        Math.min(DepthBlocks.length(blocking.depth()), blocking.depth() - nextDepthStart);
    return next < blocking.columns() && nextDepth >= depth
        ? packed.panelOffset(next, nextDepthStart, nextDepth)
        : -1;
  }

  @Override
  MemorySegment unpackedPanels() {
    return packed != null ? packed.segment() : b.segment();
  }

  @Override
  long unpackedDepthStride() {
    return packed != null ? (long) blocking.panelColumns() * elementBytes : b.rowStride();
  }
}
