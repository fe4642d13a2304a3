package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A product by plain loops: for element types without tiles, and for results whose elements lie
 * apart in both directions. Accumulates in the same order as the tiles do.
 */
final class PlainProduct implements WorkerPool.Task {

  private static final long TASK_WORK = 1L << 16;

  private final ElementKind element;
  private final int batch;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int blockRows;
  private final int rowBlocks;
  private final StridedProduct.Operand a;
  private final StridedProduct.Operand b;
  private final StridedProduct.Operand c;
  private final @Nullable TileEpilogue epilogue;

  PlainProduct(
      ElementKind element,
      int batch,
      int rows,
      int columns,
      int depth,
      StridedProduct.Operand a,
      StridedProduct.Operand b,
      StridedProduct.Operand c,
      @Nullable TileEpilogue epilogue) {
    this.element = element;
    this.batch = batch;
    this.rows = rows;
    this.columns = columns;
    this.depth = depth;
    this.a = a;
    this.b = b;
    this.c = c;
    this.epilogue = epilogue;
    long rowWork = (long) Math.max(1, columns) * Math.max(1, depth);
    blockRows = (int) Math.clamp(TASK_WORK / rowWork, 1, Math.max(1, rows));
    rowBlocks = Math.ceilDiv(rows, blockRows);
  }

  void runOn(WorkerPool pool) {
    pool.run(Math.multiplyExact(batch, rowBlocks), this);
  }

  @Override
  public void run(int task) {
    int batch = task / rowBlocks;
    int rowStart = task % rowBlocks * blockRows;
    int rowEnd = Math.min(rows, rowStart + blockRows);
    for (int row = rowStart; row < rowEnd; row++) {
      for (int column = 0; column < columns; column++) {
        compute(a.at(batch, row, 0), b.at(batch, 0, column), c.at(batch, row, column));
      }
    }
    if (epilogue != null) {
      epilogue.apply(batch, rowStart, rowEnd, 0, columns);
    }
  }

  private void compute(long aAt, long bAt, long cAt) {
    switch (element) {
      case F32, F16, BF16 -> storeFloat(c.segment(), cAt, sumFloats(aAt, bAt));
      case F64 -> c.segment().set(JAVA_DOUBLE_UNALIGNED, cAt, sumDoubles(aAt, bAt));
      case I32 -> {
        int sum = 0;
        for (int k = 0; k < depth; k++) {
          sum +=
              a.segment().get(JAVA_INT_UNALIGNED, aAt + k * a.columnStride())
                  * b.segment().get(JAVA_INT_UNALIGNED, bAt + k * b.rowStride());
        }
        c.segment().set(JAVA_INT_UNALIGNED, cAt, sum);
      }
      case I64 -> {
        long sum = 0;
        for (int k = 0; k < depth; k++) {
          sum +=
              a.segment().get(JAVA_LONG_UNALIGNED, aAt + k * a.columnStride())
                  * b.segment().get(JAVA_LONG_UNALIGNED, bAt + k * b.rowStride());
        }
        c.segment().set(JAVA_LONG_UNALIGNED, cAt, sum);
      }
    }
  }

  private float sumFloats(long aAt, long bAt) {
    float total = 0;
    int block = DepthBlocks.length(depth);
    for (int start = 0; start < depth; start += block) {
      int end = Math.min(depth, start + block);
      float sum = 0;
      for (int k = start; k < end; k++) {
        sum =
            Math.fma(
                loadFloat(a.segment(), aAt + k * a.columnStride()),
                loadFloat(b.segment(), bAt + k * b.rowStride()),
                sum);
      }
      total = start == 0 ? sum : total + sum;
    }
    return total;
  }

  private double sumDoubles(long aAt, long bAt) {
    double total = 0;
    int block = DepthBlocks.length(depth);
    for (int start = 0; start < depth; start += block) {
      int end = Math.min(depth, start + block);
      double sum = 0;
      for (int k = start; k < end; k++) {
        sum =
            Math.fma(
                a.segment().get(JAVA_DOUBLE_UNALIGNED, aAt + k * a.columnStride()),
                b.segment().get(JAVA_DOUBLE_UNALIGNED, bAt + k * b.rowStride()),
                sum);
      }
      total = start == 0 ? sum : total + sum;
    }
    return total;
  }

  private float loadFloat(MemorySegment segment, long at) {
    return switch (element) {
      case F16 -> Float.float16ToFloat(segment.get(JAVA_SHORT_UNALIGNED, at));
      case BF16 -> Float.intBitsToFloat(segment.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case F32, F64, I32, I64 -> segment.get(JAVA_FLOAT_UNALIGNED, at);
    };
  }

  private void storeFloat(MemorySegment segment, long at, float value) {
    switch (element) {
      case F16 -> segment.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
      case BF16 -> segment.set(JAVA_SHORT_UNALIGNED, at, roundToBfloat16(value));
      case F32, F64, I32, I64 -> segment.set(JAVA_FLOAT_UNALIGNED, at, value);
    }
  }

  /** Rounds to nearest, ties to even; a NaN stays one. */
  static short roundToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
