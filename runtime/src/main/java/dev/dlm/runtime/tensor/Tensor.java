package dev.dlm.runtime.tensor;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A dense row-major tensor in host memory: element type, sizes, and a segment of heap or native
 * memory in the machine's byte order. The factories share the given array or segment and do not
 * copy it, so a change there is a change here. Thread-safe as long as nobody changes the elements.
 */
public final class Tensor {
  private final DType dtype;
  private final long[] sizes;
  private final long count;
  private final MemorySegment memory;

  private Tensor(DType dtype, MemorySegment memory, long[] sizes) {
    this.dtype = dtype;
    this.sizes = sizes.clone();
    this.count = countOf(sizes);
    this.memory = memory;
    if (memory.byteSize() != Math.multiplyExact(count, (long) dtype.sizeBytes())) {
      throw new IllegalArgumentException(
          "%d elements for %s"
              .formatted(memory.byteSize() / dtype.sizeBytes(), describe(dtype, sizes)));
    }
  }

  /** A tensor of type {@code f32}. */
  public static Tensor of(float[] elements, long... sizes) {
    return new Tensor(DType.F32, MemorySegment.ofArray(elements), sizes);
  }

  /** A tensor of type {@code f64}. */
  public static Tensor of(double[] elements, long... sizes) {
    return new Tensor(DType.F64, MemorySegment.ofArray(elements), sizes);
  }

  /** A tensor of type {@code i32}. */
  public static Tensor of(int[] elements, long... sizes) {
    return new Tensor(DType.I32, MemorySegment.ofArray(elements), sizes);
  }

  /** A tensor of type {@code i64}. */
  public static Tensor of(long[] elements, long... sizes) {
    return new Tensor(DType.I64, MemorySegment.ofArray(elements), sizes);
  }

  /** A tensor of type {@code bool}; the array is copied. */
  public static Tensor of(boolean[] elements, long... sizes) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (elements[i] ? 1 : 0);
    }
    return new Tensor(DType.BOOL, MemorySegment.ofArray(bytes), sizes);
  }

  /**
   * A tensor over memory that lives elsewhere.
   *
   * @param memory exactly as long as the elements; any alignment
   * @throws IllegalArgumentException if its length does not fit the sizes
   */
  public static Tensor of(DType dtype, MemorySegment memory, long... sizes) {
    return new Tensor(dtype, memory, sizes);
  }

  /** A tensor of zeros on the heap. */
  public static Tensor zeros(DType dtype, long... sizes) {
    long bytes = Math.multiplyExact(countOf(sizes), (long) dtype.sizeBytes());
    // An array of long makes the segment aligned for every element type.
    long[] backing = new long[Math.toIntExact(Math.ceilDiv(bytes, (long) Long.BYTES))];
    return new Tensor(dtype, MemorySegment.ofArray(backing).asSlice(0, bytes), sizes);
  }

  /** A copy of a tensor of the graph. */
  public static Tensor from(HostTensor tensor) {
    Tensor copy = zeros(tensor.dtype(), tensor.sizes());
    tensor.toMemory(copy.memory);
    return copy;
  }

  public DType dtype() {
    return dtype;
  }

  public int rank() {
    return sizes.length;
  }

  /** The size along an axis. */
  public long size(int axis) {
    return sizes[axis];
  }

  /** The sizes along all axes, as a new array. */
  public long[] sizes() {
    return sizes.clone();
  }

  /** Whether {@link #sizes} are these. */
  public boolean hasSizes(long[] expected) {
    return Arrays.equals(sizes, expected);
  }

  /** The number of elements. */
  public long count() {
    return count;
  }

  /** The elements, exactly {@code count * dtype.sizeBytes()} bytes; not a copy. */
  public MemorySegment memory() {
    return memory;
  }

  public TensorType type() {
    return TensorType.of(dtype, sizes);
  }

  /** The same elements under other sizes; nothing is copied. */
  public Tensor reshaped(long... otherSizes) {
    return new Tensor(dtype, memory, otherSizes);
  }

  /** Element {@code index} in row-major order as a {@code double}, booleans as 0 and 1. */
  public double doubleAt(long index) {
    return switch (dtype) {
      case F64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
      case F32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
      case F16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
      case BF16 ->
          Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index) << 16);
      case I64, I32, I8, U8, BOOL -> longAt(index);
    };
  }

  /**
   * Element {@code index} in row-major order as a {@code long}; floating-point elements are
   * truncated towards zero.
   */
  public long longAt(long index) {
    return switch (dtype) {
      case I64 -> memory.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index);
      case I32 -> memory.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index);
      case I8 -> memory.getAtIndex(ValueLayout.JAVA_BYTE, index);
      case U8 -> memory.getAtIndex(ValueLayout.JAVA_BYTE, index) & 0xff;
      case BOOL -> memory.getAtIndex(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> (long) doubleAt(index);
    };
  }

  /** The elements converted to {@code float}, as a new array. */
  public float[] floats() {
    if (dtype == DType.F32) {
      return memory.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
    float[] elements = new float[Math.toIntExact(count)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) doubleAt(i);
    }
    return elements;
  }

  /** The elements converted to {@code double}, as a new array. */
  public double[] doubles() {
    double[] elements = new double[Math.toIntExact(count)];
    Arrays.setAll(elements, this::doubleAt);
    return elements;
  }

  /** The elements converted to {@code long}, as a new array. */
  public long[] longs() {
    long[] elements = new long[Math.toIntExact(count)];
    Arrays.setAll(elements, this::longAt);
    return elements;
  }

  /** A copy for the reference interpreter. */
  public HostTensor toHostTensor() {
    return HostTensor.fromMemory(type(), memory);
  }

  /** Whether type and bits of all elements are the same. */
  public boolean hasSameBitsAs(Tensor other) {
    return dtype == other.dtype
        && Arrays.equals(sizes, other.sizes)
        && memory.mismatch(other.memory) < 0;
  }

  /** A type as models write it, for example {@code f32[2, 3]}. */
  public static String describe(DType dtype, long[] sizes) {
    return Arrays.stream(sizes)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", dtype.text() + "[", "]"));
  }

  private static long countOf(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in " + Arrays.toString(sizes));
      }
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /** The type and up to eight elements. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(describe(dtype, sizes)).append(" {");
    for (long i = 0; i < Math.min(count, 8); i++) {
      text.append(i == 0 ? "" : ", ");
      if (dtype.isFloat()) {
        text.append(doubleAt(i));
      } else {
        text.append(longAt(i));
      }
    }
    return text.append(count > 8 ? ", …}" : "}").toString();
  }
}
