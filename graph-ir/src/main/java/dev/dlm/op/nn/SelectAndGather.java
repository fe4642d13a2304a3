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
 * The element of {@code v} at the position of each window's first extreme element of {@code x}, in
 * row-major order, a NaN counting as the extreme; zero for a window that lies in the padding
 * entirely. The adjoint of {@link SelectAndScatter}.
 *
 * <p>(C1) two floating-point operands of one type; (C2)–(C4) as for {@link ReduceWindow}; (C5) the
 * kind is a maximum or minimum; (C6) {@code v} has the shape of {@code x}. Linear in {@code v}: its
 * gradient is {@link SelectAndScatter}; that of {@code x} is zero.
 */
public record SelectAndGather(Reduce.Kind kind, WindowGeometry window) implements Op {
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
    context.checkEqual("C6", context.in(1).shape(), context.in(0).shape(), "operand shapes differ");
    return List.of(context.in(0).withShape(window.outputShape(context, context.in(0))));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return results.get(0).shape().count().times(window.countElements());
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.gradient(
        1,
        () ->
            context
                .builder()
                .one(new SelectAndScatter(kind, window), context.in(0), context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor v = context.in(1);
    TensorType result = context.result(0);
    long[] sizes = result.shape().asLongs();
    return List.of(
        HostTensor.ofDoubles(
            result,
            i -> {
              int position = window.selectedPosition(kind, x, Indexing.coordinates(sizes, i));
              return position < 0 ? 0 : v.doubleAt(position);
            }));
  }
}
