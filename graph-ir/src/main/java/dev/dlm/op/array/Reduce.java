package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.Indexing;
import dev.dlm.reference.ScalarReference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reduction of the given axes away: {@code y[kept] = kind over reduced axes of x}. An empty
 * reduction gives the kind's identity.
 *
 * <p>(C1) one operand; (C2) {@code axes} are axes of it, increasing; (C3) {@code ANY} and {@code
 * ALL} take booleans, the others numbers. Gradients: of a sum, {@code u} broadcast back; of a
 * product, {@code u} times the product of the other factors, right where factors are zero; of a
 * maximum or minimum, {@code u} shared equally among the elements that attain it. The order of
 * accumulation is the device's, fixed by the shape; the reference accumulates in {@code double}.
 */
public record Reduce(Kind kind, List<Integer> axes) implements Op {
  /** How elements combine. */
  public enum Kind {
    SUM(ScalarFunction.ADD),
    PRODUCT(ScalarFunction.MULTIPLY),
    MAX(ScalarFunction.MAXIMUM),
    MIN(ScalarFunction.MINIMUM),
    ANY(ScalarFunction.OR),
    ALL(ScalarFunction.AND);

    private final ScalarFunction combiner;

    Kind(ScalarFunction combiner) {
      this.combiner = combiner;
    }

    /** The function that combines two elements. */
    public ScalarFunction combiner() {
      return combiner;
    }

    /** The result of an empty reduction of floating-point elements. */
    public double identity() {
      return switch (this) {
        case SUM -> 0;
        case PRODUCT -> 1;
        case MAX -> Double.NEGATIVE_INFINITY;
        case MIN -> Double.POSITIVE_INFINITY;
        case ANY, ALL -> throw new IllegalStateException(this + " takes booleans");
      };
    }

    /** The result of an empty reduction of integer or boolean elements. */
    public long integerIdentity(DType dtype) {
      long lowest = dtype == DType.U8 ? 0 : -1L << (dtype.sizeBytes() * 8 - 1);
      return switch (this) {
        case SUM, ANY -> 0;
        case PRODUCT, ALL -> 1;
        case MAX -> lowest;
        case MIN -> dtype == DType.U8 ? 255 : ~lowest;
      };
    }
  }

  public Reduce {
    axes = List.copyOf(axes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    for (int i = 0; i < axes.size(); i++) {
      context.checkAxis("C2", axes.get(i), operand.rank());
      context.check(
          "C2", i == 0 || axes.get(i) > axes.get(i - 1), "axes " + axes + " are not increasing");
    }
    boolean logical = kind == Kind.ANY || kind == Kind.ALL;
    context.checkDType(
        "C3", logical == (operand.dtype() == DType.BOOL), kind + " does not take " + operand);
    return List.of(operand.withShape(operand.shape().without(axes)));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return operands.get(0).shape().count();
  }

  @Override
  public void differentiate(GradientContext context) {
    switch (kind) {
      case SUM -> context.gradient(0, () -> restore(context, context.upstream()));
      case PRODUCT ->
          context.gradient(
              0,
              () -> ProductGradient.of(context.builder(), context.in(0), axes, context.upstream()));
      case MAX, MIN ->
          context.gradient(
              0,
              () -> {
                BodyBuilder b = context.builder();
                Value x = context.in(0);
                Value attains = b.cast(b.equal(x, restore(context, context.out(0))), x.dtype());
                return b.mul(
                    attains, restore(context, b.div(context.upstream(), b.sum(attains, axes))));
              });
      case ANY, ALL -> context.zero(0);
    }
  }

  private Value restore(GradientContext context, Value reduced) {
    List<Integer> kept =
        IntStream.range(0, context.in(0).rank())
            .filter(axis -> !axes.contains(axis))
            .boxed()
            .toList();
    return axes.isEmpty()
        ? reduced
        : context.builder().broadcast(reduced, context.in(0).shape(), kept);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    TensorType result = context.result(0);
    long[] resultSizes = result.shape().asLongs();
    int count = Indexing.count(resultSizes);
    if (x.dtype().isFloat()) {
      double[] sums = new double[count];
      Arrays.fill(sums, kind.identity());
      for (int i = 0; i < x.count(); i++) {
        int to = target(x.sizes(), resultSizes, i);
        sums[to] = ScalarReference.ofDoubles(kind.combiner(), sums[to], x.doubleAt(i));
      }
      return List.of(HostTensor.ofDoubles(result, i -> sums[i]));
    }
    long[] sums = new long[count];
    Arrays.fill(sums, kind.integerIdentity(x.dtype()));
    for (int i = 0; i < x.count(); i++) {
      int to = target(x.sizes(), resultSizes, i);
      sums[to] = ScalarReference.ofLongs(kind.combiner(), sums[to], x.longAt(i), x.dtype());
    }
    return List.of(HostTensor.ofLongs(result, i -> sums[i]));
  }

  private int target(long[] sizes, long[] resultSizes, int position) {
    long[] at = Indexing.coordinates(sizes, position);
    long[] kept =
        IntStream.range(0, at.length)
            .filter(axis -> !axes.contains(axis))
            .mapToLong(axis -> at[axis])
            .toArray();
    return Indexing.position(resultSizes, kept);
  }
}
