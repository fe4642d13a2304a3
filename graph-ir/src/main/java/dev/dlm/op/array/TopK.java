package dev.dlm.op.array;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest elements along an axis, the largest first, and where they came from: the first {@code
 * count} of both results of a descending {@link Sort}. So the first of equal elements comes first,
 * and a NaN is taken only where nothing else is left.
 *
 * <p>(C1) one operand; (C2) {@code axis} is an axis of it; (C3) it is numeric; (C4) {@code count}
 * is not negative, and the axis has as many elements. Gradient: as of {@link Sort}.
 */
public record TopK(Dim count, int axis) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.checkAxis("C2", axis, operand.rank());
    context.checkDType("C3", operand.dtype() != DType.BOOL, "booleans have no order");
    context.checkAtMost("C4", Dim.ZERO, count, "a negative number of elements, " + count);
    context.checkAtMost(
        "C4", count, operand.dim(axis), "axis " + axis + " of " + operand + " has not " + count);
    List<Dim> dims = new ArrayList<>(operand.shape().dims());
    dims.set(axis, count);
    TensorType values = operand.withShape(new Shape(dims));
    return List.of(values, values.withDType(DType.I32));
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
    return new AlongAxis(axis).sorted(context, true);
  }
}
