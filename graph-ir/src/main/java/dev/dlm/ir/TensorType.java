package dev.dlm.ir;

/**
 * The type of a tensor: element type and shape, for example {@code f32[B, 28, 28]}. Tensors are
 * dense and row-major. Immutable.
 */
public record TensorType(DType dtype, Shape shape) {

  /** A type of constant sizes; none for a scalar. */
  public static TensorType of(DType dtype, long... sizes) {
    return new TensorType(dtype, Shape.of(sizes));
  }

  /** A type of symbolic sizes. */
  public static TensorType of(DType dtype, Dim first, Dim... rest) {
    return new TensorType(dtype, Shape.of(first, rest));
  }

  public int rank() {
    return shape.rank();
  }

  public Dim dim(int axis) {
    return shape.dim(axis);
  }

  /** The bytes of all elements, without padding. */
  public Dim sizeBytes() {
    return shape.count().times(dtype.sizeBytes());
  }

  /** This type with another shape. */
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /** This type with another element type. */
  public TensorType withDType(DType other) {
    return new TensorType(other, shape);
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
