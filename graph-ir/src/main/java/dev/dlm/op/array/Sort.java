package dev.dlm.op.array;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * The elements in order along an axis, and where they came from: {@code values[i] = x[indices[i]]},
 * of the types of {@code x} and {@code i32}. Equal elements keep their order, in both directions;
 * −0 equals 0; NaN comes last, in both directions.
 *
 * <p>(C1) one operand; (C2) {@code axis} is an axis of it; (C3) it is numeric. Gradient: each
 * element of the values' {@code u} goes to where it came from; the indices have none.
 */
public record Sort(int axis, boolean descending) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.checkAxis("C2", axis, operand.rank());
    context.checkDType("C3", operand.dtype() != DType.BOOL, "booleans have no order");
    return List.of(operand, operand.withDType(DType.I32));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return new AlongAxis(axis).comparisonsOfSort(operands.get(0));
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () ->
            new AlongAxis(axis)
                .scatterAdd(context.builder(), context.out(1), context.upstream(0), context.in(0)));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    return new AlongAxis(axis).sorted(context, descending);
  }
}
