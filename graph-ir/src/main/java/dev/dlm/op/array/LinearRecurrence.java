package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * A recurrence of the first order along an axis: {@code y[i] = a[i] · y[i−1] + b[i]}, where {@code
 * y[−1]} is 0; {@code reverse} begins at the axis' end: {@code y[i] = a[i] · y[i+1] + b[i]}.
 *
 * <p>(C1) two operands; (C2) they are floating-point tensors of one element type; (C3) of one
 * shape, of which (C4) {@code axis} is an axis.
 *
 * <p>Numerics: each step is one fused multiply-add in the element type, for {@code f16} and {@code
 * bf16} in {@code f32}, of which each result is rounded; the order is that of the axis on every
 * device. Gradients: {@code v[i] = u[i] + a[i+1] · v[i+1]}, a recurrence in the other direction, is
 * that of {@code b}; {@code v[i] · y[i−1]} is that of {@code a}.
 */
public record LinearRecurrence(int axis, boolean reverse) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    context.checkDType(
        "C2",
        context.checkSameDType("C2", 0).isFloat(),
        "takes floating-point tensors, not " + context.in(0));
    context.checkEqual("C3", context.in(0).shape(), context.in(1).shape(), "operand shapes differ");
    context.checkAxis("C4", axis, context.in(0).rank());
    return List.of(context.in(0));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return results.get(0).shape().count().times(2);
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    AlongAxis along = new AlongAxis(axis);
    LinearRecurrence backwards = new LinearRecurrence(axis, !reverse);
    context.gradient(
        0,
        () ->
            b.mul(
                b.one(backwards, along.shift(b, context.in(0), !reverse), context.upstream()),
                along.shift(b, context.out(0), reverse)));
    context.gradient(
        1, () -> b.one(backwards, along.shift(b, context.in(0), !reverse), context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor a = context.in(0);
    HostTensor b = context.in(1);
    double[] results = new double[a.count()];
    AlongAxis.forEachLine(
        a.sizes(),
        axis,
        reverse,
        line -> {
          double y = 0;
          for (int position : line) {
            y = Math.fma(a.doubleAt(position), y, b.doubleAt(position));
            results[position] = y;
          }
        });
    return List.of(HostTensor.ofDoubles(context.result(0), i -> results[i]));
  }
}
