package dev.dlm.op.nn;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.reference.Indexing;
import dev.dlm.reference.ScalarReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reduction of each window of a tensor to one value: {@code y[i] = kind over k of x[i·stride -
 * padLow + k]}, elements in the padding left out. Pooling is a reduction over windows of size 1
 * along batch and channels.
 *
 * <p>(C1) one floating-point operand; (C2) the window has one entry an axis; (C3) sizes and strides
 * are positive, padding is not negative and smaller than the window; (C4) the window fits; (C5) the
 * kind is a sum, maximum or minimum. Gradients: of a sum, the sum of {@code u} over the windows
 * that hold the element; of an extreme, {@link SelectAndScatter}.
 */
public record ReduceWindow(Reduce.Kind kind, WindowGeometry window) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.checkDType(
        "C1", operand.dtype().isFloat(), "takes a floating-point tensor, not " + operand);
    context.check(
        "C5",
        kind == Reduce.Kind.SUM || kind == Reduce.Kind.MAX || kind == Reduce.Kind.MIN,
        kind + " is not a sum, maximum or minimum");
    return List.of(operand.withShape(window.outputShape(context, operand)));
  }

  /** Elements outside of the operand count too. */
  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return results.get(0).shape().count().times(window.countElements());
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () ->
            kind == Reduce.Kind.SUM
                ? sumGradient(context)
                : context
                    .builder()
                    .one(new SelectAndScatter(kind, window), context.in(0), context.upstream()));
  }

  /** Spreads {@code u} by the strides, pads it, and sums over windows of the same size. */
  private Value sumGradient(GradientContext context) {
    BodyBuilder b = context.builder();
    Value upstream = context.upstream();
    List<Dim> low = new ArrayList<>();
    List<Dim> high = new ArrayList<>();
    List<Long> interior = new ArrayList<>();
    for (int axis = 0; axis < upstream.rank(); axis++) {
      long before = window.sizes().get(axis) - 1 - window.padLow().get(axis);
      Dim spread = upstream.dim(axis).minus(Dim.ONE).times(window.strides().get(axis)).plus(1);
      Dim wanted = context.in(0).dim(axis).plus(window.sizes().get(axis) - 1);
      low.add(Dim.of(before));
      high.add(wanted.minus(spread).minus(Dim.of(before)));
      interior.add(window.strides().get(axis) - 1);
    }
    Value padded = b.one(new Pad(low, high, interior), upstream, b.scalar(upstream.dtype(), 0));
    List<Long> ones = Collections.nCopies(upstream.rank(), 1L);
    List<Long> zeros = Collections.nCopies(upstream.rank(), 0L);
    return b.one(
        new ReduceWindow(Reduce.Kind.SUM, new WindowGeometry(window.sizes(), ones, zeros, zeros)),
        padded);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    TensorType result = context.result(0);
    long[] sizes = result.shape().asLongs();
    long[] inner = window.sizesArray();
    return List.of(
        HostTensor.ofDoubles(
            result,
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              double value = kind.identity();
              for (int k = 0; k < Indexing.count(inner); k++) {
                int position = window.position(x.sizes(), at, Indexing.coordinates(inner, k));
                if (position >= 0) {
                  value = ScalarReference.ofDoubles(kind.combiner(), value, x.doubleAt(position));
                }
              }
              return value;
            }));
  }
}
