package dev.dlm.op.nn;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.Reduce;
import dev.dlm.reference.Indexing;
import java.util.List;

/**
 * The gradient of an extreme over windows: for {@code x} and {@code u}, one value a window, adds
 * each {@code u[i]} to the result at the position of window {@code i}'s first extreme element of
 * {@code x} in row-major order, a NaN counting as the extreme.
 *
 * <p>(C1) two floating-point operands of one type; (C2)–(C4) as for {@link ReduceWindow}; (C5) the
 * kind is a maximum or minimum; (C6) {@code u} has one element a window. Linear in {@code u}: its
 * gradient is {@link SelectAndGather}; that of {@code x} is zero.
 */
public record SelectAndScatter(Reduce.Kind kind, WindowGeometry window) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    context.checkDType(
        "C1",
        context.checkSameDType("C1", 0).isFloat(),
        "takes floating-point tensors, not " + context.in(0));
    context.check(
        "C5",
        kind == Reduce.Kind.MAX || kind == Reduce.Kind.MIN,
        kind + " is not a maximum or minimum");
    context.checkEqual(
        "C6",
        context.in(1).shape(),
        window.outputShape(context, context.in(0)),
        "not one element a window");
    return List.of(context.in(0));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return operands.get(1).shape().count().times(window.countElements() + 1);
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.gradient(
        1,
        () ->
            context
                .builder()
                .one(new SelectAndGather(kind, window), context.in(0), context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor upstream = context.in(1);
    double[] sums = new double[x.count()];
    for (int i = 0; i < upstream.count(); i++) {
      int position = window.selectedPosition(kind, x, Indexing.coordinates(upstream.sizes(), i));
      if (position >= 0) {
        sums[position] += upstream.doubleAt(i);
      }
    }
    return List.of(HostTensor.ofDoubles(context.result(0), i -> sums[i]));
  }
}
