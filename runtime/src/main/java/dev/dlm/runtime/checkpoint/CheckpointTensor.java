package dev.dlm.runtime.checkpoint;

import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A named tensor in a checkpoint.
 *
 * @param name the path of the weight, for example {@code encoder.block[3].attention.query.w}
 * @param shape sizes, outermost first; empty for a scalar
 * @param data the elements in row-major order, little-endian, exactly {@link #sizeBytes()} bytes;
 *     the record neither copies nor owns them
 */
public record CheckpointTensor(String name, DType dtype, List<Long> shape, MemorySegment data) {

  /**
   * @throws IllegalArgumentException if a size is negative or the data do not match the shape
   */
  public CheckpointTensor {
    shape = List.copyOf(shape);
    long expected = sizeBytesOf(dtype, shape);
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "%s: %d bytes of data for %s%s, which takes %d"
              .formatted(name, data.byteSize(), dtype.text(), shape, expected));
    }
  }

  /** Bytes of all elements. */
  public long sizeBytes() {
    return data.byteSize();
  }

  /**
   * Bytes of a tensor of constant shape.
   *
   * @throws IllegalArgumentException if a size is negative or the product exceeds 63 bits
   */
  static long sizeBytesOf(DType dtype, List<Long> shape) {
    if (shape.contains(0L)) {
      shape.forEach(CheckpointTensor::requireSize);
      return 0;
    }
    try {
      long count = dtype.sizeBytes();
      for (long size : shape) {
        requireSize(size);
        count = Math.multiplyExact(count, size);
      }
      return count;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the shape " + shape + " has too many elements", e);
    }
  }

  private static void requireSize(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size);
    }
  }
}
