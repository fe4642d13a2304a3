package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the rows lie that index tuples point to, for {@link dev.dlm.op.array.Gather} and {@link
 * dev.dlm.op.array.Scatter}. A row is the run of elements behind the last indexed axis; the axes
 * that are neither indexed nor in the row give one row for each of their coordinates. Immutable.
 */
final class IndexedRows {
  private final MemorySegment indices;
  private final boolean isWide;
  private final long[] indexedSizes;
  private final long[] indexedStrides;
  private final long[] outerSizes;
  private final long[] outerStrides;
  private final long countBatches;
  private final long batchStride;
  private final long tuplesInBatch;
  private final long countOuter;
  private final long rowElements;

  /**
   * Resolves an op's attributes.
   *
   * @param x the indexed tensor, of constant shape
   * @param type of {@code indices}
   */
  IndexedRows(int batch, List<Integer> axes, TensorType x, TensorType type, MemorySegment indices) {
    this.indices = indices;
    this.isWide = type.dtype() == DType.I64;
    long[] sizes = x.shape().asLongs();
    long[] strides = LoopBuilder.strides(x.shape());
    this.indexedSizes = axes.stream().mapToLong(axis -> sizes[axis]).toArray();
    this.indexedStrides = axes.stream().mapToLong(axis -> strides[axis]).toArray();
    int last = axes.getLast();
    int[] outer =
        IntStream.range(batch, last)
            .filter(axis -> !axes.contains(axis) && sizes[axis] != 1)
            .toArray();
    this.outerSizes = Arrays.stream(outer).mapToLong(axis -> sizes[axis]).toArray();
    this.outerStrides = Arrays.stream(outer).mapToLong(axis -> strides[axis]).toArray();
    this.countBatches = product(sizes, 0, batch);
    this.batchStride = product(sizes, batch, sizes.length);
    long[] indexSizes = type.shape().asLongs();
    this.tuplesInBatch = product(indexSizes, batch, indexSizes.length - 1);
    this.countOuter =
        product(outerSizes, 0, outerSizes.length) * (product(sizes, batch, last) == 0 ? 0 : 1);
    this.rowElements = product(sizes, last + 1, sizes.length);
  }

  private static long product(long[] sizes, int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= sizes[axis];
    }
    return product;
  }

  long countBatches() {
    return countBatches;
  }

  long tuplesInBatch() {
    return tuplesInBatch;
  }

  /** Rows that one index tuple points to. */
  long countOuter() {
    return countOuter;
  }

  long rowElements() {
    return rowElements;
  }

  /** The position of the first row that a tuple points to, its indices moved into range. */
  long nearestRow(long tuple) {
    long position = tuple / tuplesInBatch * batchStride;
    int count = indexedSizes.length;
    for (int i = 0; i < count; i++) {
      long index = index(tuple * count + i);
      position += Math.clamp(index, 0, indexedSizes[i] - 1) * indexedStrides[i];
    }
    return position;
  }

  /** The position of the first row that a tuple points to, or −1 if an index is out of range. */
  long row(long tuple) {
    long position = tuple / tuplesInBatch * batchStride;
    int count = indexedSizes.length;
    for (int i = 0; i < count; i++) {
      long index = index(tuple * count + i);
      if (index < 0 || index >= indexedSizes[i]) {
        return -1;
      }
      position += index * indexedStrides[i];
    }
    return position;
  }

  private long index(long at) {
    return isWide ? indices.get(Elements.LONG, 8 * at) : indices.get(Elements.INT, 4 * at);
  }

  /** How far behind a tuple's first row its row {@code outer} lies. */
  long outerOffset(long outer) {
    long offset = 0;
    long rest = outer;
    for (int i = outerSizes.length - 1; i > 0; i--) {
      offset += rest % outerSizes[i] * outerStrides[i];
      rest /= outerSizes[i];
    }
    return outerSizes.length == 0 ? 0 : offset + rest * outerStrides[0];
  }
}
