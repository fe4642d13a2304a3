package dev.dlm.ir;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of constant shape on the Java heap: constants of a graph and the values of the reference
 * interpreter. Elements are held wide, as {@code double} for floating-point types and {@code long}
 * for the others, always rounded or wrapped to the element type. Immutable; equal when types and
 * elements are equal, where a NaN equals a NaN and −0 differs from 0.
 */
public final class HostTensor {
  private final TensorType type;
  private final double @Nullable [] floats;
  private final long @Nullable [] integers;

  private HostTensor(TensorType type, double @Nullable [] floats, long @Nullable [] integers) {
    this.type = type;
    this.floats = floats;
    this.integers = integers;
  }

  /**
   * A floating-point tensor whose element {@code i}, in row-major order, is {@code element(i)}
   * rounded to the element type.
   */
  public static HostTensor ofDoubles(TensorType type, IntToDoubleFunction element) {
    double[] values = new double[countOf(type)];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.dtype().round(element.applyAsDouble(i));
    }
    return new HostTensor(type, values, null);
  }

  /**
   * An integer or boolean tensor whose element {@code i}, in row-major order, is {@code element(i)}
   * wrapped to the element type.
   */
  public static HostTensor ofLongs(TensorType type, IntToLongFunction element) {
    long[] values = new long[countOf(type)];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.dtype().wrap(element.applyAsLong(i));
    }
    return new HostTensor(type, null, values);
  }

  /** A tensor of any type with every element the given number, converted to the element type. */
  public static HostTensor filled(TensorType type, double value) {
    return type.dtype().isFloat() ? ofDoubles(type, i -> value) : ofLongs(type, i -> (long) value);
  }

  /** A scalar of any type. */
  public static HostTensor scalar(DType dtype, double value) {
    return filled(TensorType.of(dtype), value);
  }

  /** A scalar of type {@code i64}. */
  public static HostTensor scalar(long value) {
    return ofLongs(TensorType.of(DType.I64), i -> value);
  }

  /** A tensor of type {@code f32} with the given elements in row-major order. */
  public static HostTensor of(float[] elements, long... sizes) {
    TensorType type = TensorType.of(DType.F32, sizes);
    if (countOf(type) != elements.length) {
      throw new IllegalArgumentException(elements.length + " elements for " + type);
    }
    return ofDoubles(type, i -> elements[i]);
  }

  /**
   * A tensor read from raw memory: the elements in row-major order, little-endian, without padding;
   * a boolean is a byte, false where 0.
   *
   * @param memory at least as long as the elements; any alignment
   * @throws IllegalArgumentException if the memory is too short
   */
  public static HostTensor fromMemory(TensorType type, MemorySegment memory) {
    return TensorMemory.read(type, memory);
  }

  /**
   * Writes the elements as {@link #fromMemory} reads them. A NaN becomes the canonical NaN of its
   * type.
   *
   * @param memory at least as long as the elements; any alignment; bytes after the elements stay
   * @throws IllegalArgumentException if the memory is too short
   */
  public void toMemory(MemorySegment memory) {
    TensorMemory.write(this, memory);
  }

  public TensorType type() {
    return type;
  }

  public DType dtype() {
    return type.dtype();
  }

  public long[] sizes() {
    return type.shape().asLongs();
  }

  /** The number of elements. */
  public int count() {
    return floats != null ? floats.length : integers != null ? integers.length : 0;
  }

  /** Element {@code index} in row-major order, as a {@code double}. */
  public double doubleAt(int index) {
    return floats != null ? floats[index] : longAt(index);
  }

  /**
   * Element {@code index} in row-major order, as a {@code long}; floating-point elements are
   * truncated towards zero.
   */
  public long longAt(int index) {
    if (integers != null) {
      return integers[index];
    }
    return (long) doubleAt(index);
  }

  /** The same elements under another shape of as many elements. */
  public HostTensor reshaped(Shape shape) {
    TensorType other = type.withShape(shape);
    if (countOf(other) != count()) {
      throw new IllegalArgumentException(type + " has another number of elements than " + other);
    }
    return new HostTensor(other, floats, integers);
  }

  /** Whether every element has the same bits. True for an empty tensor. */
  public boolean isUniform() {
    for (int i = 1; i < count(); i++) {
      boolean same =
          floats != null
              ? Double.doubleToLongBits(floats[i]) == Double.doubleToLongBits(floats[0])
              : longAt(i) == longAt(0);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static int countOf(TensorType type) {
    return Math.toIntExact(type.shape().count().asLong());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostTensor that
        && type.equals(that.type)
        && Arrays.equals(floats, that.floats)
        && Arrays.equals(integers, that.integers);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(floats) + Arrays.hashCode(integers);
  }

  /** The type and up to eight elements. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(type.toString()).append(" {");
    for (int i = 0; i < Math.min(count(), 8); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(floats != null ? Double.toString(doubleAt(i)) : Long.toString(longAt(i)));
    }
    return text.append(count() > 8 ? ", …}" : "}").toString();
  }
}
