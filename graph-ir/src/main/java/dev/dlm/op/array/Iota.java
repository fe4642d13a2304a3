package dev.dlm.op.array;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Indexing;
import java.util.List;

/**
 * Indices along an axis: {@code y[i₀, …] = i_axis}.
 *
 * <p>(C1) no operands, and so no gradients; (C2) {@code axis} is an axis of {@code type}; (C3) the
 * element type is numeric.
 */
public record Iota(TensorType type, int axis) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(0);
    context.checkAxis("C2", axis, type.rank());
    context.checkDType("C3", type.dtype() != DType.BOOL, "indices are not boolean");
    return List.of(type);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {}

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    TensorType result = context.result(0);
    long[] sizes = result.shape().asLongs();
    return List.of(
        result.dtype().isFloat()
            ? HostTensor.ofDoubles(result, i -> Indexing.coordinates(sizes, i)[axis])
            : HostTensor.ofLongs(result, i -> Indexing.coordinates(sizes, i)[axis]));
  }
}
