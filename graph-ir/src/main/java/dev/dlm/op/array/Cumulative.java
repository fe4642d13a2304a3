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
import dev.dlm.reference.ScalarReference;
import java.util.List;

/**
 * Partial results of a reduction along an axis: {@code y[i] = kind over x[0..i]}, where {@code
 * exclusive} leaves {@code x[i]} itself out, so that the first result is the kind's identity, and
 * {@code reverse} begins at the axis' end.
 *
 * <p>(C1) one operand; (C2) {@code axis} is an axis of it; (C3) it is numeric.
 *
 * <p>Numerics: elements are taken in one after the other in the order of the axis, on every device.
 * The partial result is kept in the element type, for {@code f16} and {@code bf16} in {@code f32},
 * of which each result is rounded; integers wrap around; a maximum is NaN from the first NaN on.
 * The reference accumulates in {@code double}.
 *
 * <p>Gradients. Sum: {@code u} summed from the other end. Product: {@code g[j] = (Π_{k<j} x[k]) ·
 * r[j]}, {@code r[j] = u[j] + x[j+1] · r[j+1]}, without a quotient, so that it is right where
 * elements are zero. Maximum: each {@code u[i]} goes to the first element that attains {@code
 * y[i]}.
 */
public record Cumulative(Kind kind, int axis, boolean exclusive, boolean reverse) implements Op {
  /** What is accumulated. */
  public enum Kind {
    SUM(ScalarFunction.ADD),
    PRODUCT(ScalarFunction.MULTIPLY),
    MAX(ScalarFunction.MAXIMUM);

    private final ScalarFunction combiner;

    Kind(ScalarFunction combiner) {
      this.combiner = combiner;
    }

    /** The function that takes an element in. */
    public ScalarFunction combiner() {
      return combiner;
    }

    /** What floating-point elements begin with. */
    public double identity() {
      return switch (this) {
        case SUM -> 0;
        case PRODUCT -> 1;
        case MAX -> Double.NEGATIVE_INFINITY;
      };
    }

    /** What integer elements begin with. */
    public long integerIdentity(DType dtype) {
      return switch (this) {
        case SUM -> 0;
        case PRODUCT -> 1;
        case MAX -> dtype == DType.U8 ? 0 : -1L << (dtype.sizeBytes() * 8 - 1);
      };
    }
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.checkAxis("C2", axis, operand.rank());
    context.checkDType("C3", operand.dtype() != DType.BOOL, kind + " does not take " + operand);
    return List.of(operand);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return operands.get(0).shape().count();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () ->
            switch (kind) {
              case SUM ->
                  context
                      .builder()
                      .one(new Cumulative(kind, axis, exclusive, !reverse), context.upstream());
              case PRODUCT -> productGradient(context);
              case MAX -> maximumGradient(context);
            });
  }

  private Value productGradient(GradientContext context) {
    BodyBuilder b = context.builder();
    Value x = context.in(0);
    AlongAxis along = new AlongAxis(axis);
    Value before = b.one(new Cumulative(Kind.PRODUCT, axis, true, reverse), x);
    LinearRecurrence backwards = new LinearRecurrence(axis, !reverse);
    Value after =
        exclusive
            ? along.shift(b, b.one(backwards, x, context.upstream()), !reverse)
            : b.one(backwards, along.shift(b, x, !reverse), context.upstream());
    return b.mul(before, after);
  }

  private Value maximumGradient(GradientContext context) {
    BodyBuilder b = context.builder();
    Value x = context.in(0);
    Value largestBefore = b.one(new Cumulative(Kind.MAX, axis, true, reverse), x);
    Value index = b.iota(x.type().withDType(DType.I32), axis);
    Value last = b.add(b.size(x.dim(axis), DType.I32), -1);
    Value order = reverse ? b.sub(last, index) : index;
    // Where nothing is larger than the identity, the place is no index, and u goes nowhere.
    Value place = b.select(b.greater(x, largestBefore), order, b.like(order, Integer.MIN_VALUE));
    Value attains = b.one(new Cumulative(Kind.MAX, axis, exclusive, reverse), place);
    return new AlongAxis(axis)
        .scatterAdd(b, reverse ? b.sub(last, attains) : attains, context.upstream(), x);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    TensorType type = context.result(0);
    if (x.dtype().isFloat()) {
      double[] results = new double[x.count()];
      AlongAxis.forEachLine(
          x.sizes(),
          axis,
          reverse,
          line -> {
            double sum = kind.identity();
            for (int position : line) {
              double next = ScalarReference.ofDoubles(kind.combiner(), sum, x.doubleAt(position));
              results[position] = exclusive ? sum : next;
              sum = next;
            }
          });
      return List.of(HostTensor.ofDoubles(type, i -> results[i]));
    }
    long[] results = new long[x.count()];
    AlongAxis.forEachLine(
        x.sizes(),
        axis,
        reverse,
        line -> {
          long sum = kind.integerIdentity(x.dtype());
          for (int position : line) {
            long next =
                ScalarReference.ofLongs(kind.combiner(), sum, x.longAt(position), x.dtype());
            results[position] = exclusive ? sum : next;
            sum = next;
          }
        });
    return List.of(HostTensor.ofLongs(type, i -> results[i]));
  }
}
