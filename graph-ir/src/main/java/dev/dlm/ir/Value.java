package dev.dlm.ir;

/**
 * A tensor in a {@link Body}: a parameter or the result of a node, assigned once. The number is the
 * value's place in its body and means nothing in another one.
 *
 * @param id dense from zero: parameters first, then the results of the nodes in order
 */
public record Value(int id, TensorType type) {
  public DType dtype() {
    return type.dtype();
  }

  public Shape shape() {
    return type.shape();
  }

  public int rank() {
    return type.rank();
  }

  public Dim dim(int axis) {
    return type.dim(axis);
  }

  @Override
  public String toString() {
    return "%" + id + ": " + type;
  }
}
