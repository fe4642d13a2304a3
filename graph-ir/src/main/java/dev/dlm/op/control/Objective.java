package dev.dlm.op.control;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import java.util.List;

/** The scalar whose gradients are the gradients of several values weighted by what is upstream. */
final class Objective {
  private Objective() {}

  /**
   * {@code Σ sum(value * upstream)} over pairs of floating-point values: its gradient with respect
   * to anything is the sum of the values' transposed Jacobians applied to the upstreams.
   *
   * @return a floating-point scalar; zero for no pairs
   */
  static Value of(BodyBuilder b, List<Value> values, List<Value> upstreams) {
    DType dtype = widest(values);
    Value sum = b.scalar(dtype, 0);
    for (int i = 0; i < values.size(); i++) {
      Value product = b.cast(b.sum(b.mul(values.get(i), upstreams.get(i))), dtype);
      sum = i == 0 ? product : b.add(sum, product);
    }
    return sum;
  }

  /** The only element type there is, or one that terms of several can be added in. */
  private static DType widest(List<Value> values) {
    List<DType> dtypes = values.stream().map(Value::dtype).distinct().toList();
    if (dtypes.size() == 1) {
      return dtypes.get(0);
    }
    return dtypes.contains(DType.F64) ? DType.F64 : DType.F32;
  }
}
