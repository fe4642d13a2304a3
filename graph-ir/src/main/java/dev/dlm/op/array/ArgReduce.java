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
 * The index of the extreme element along an axis, as {@code i32}: the first of equal ones; a NaN
 * counts as the extreme. The index along an empty axis is 0.
 *
 * <p>(C1) one operand; (C2) {@code axis} is an axis of it; (C3) it is numeric. The gradient is
 * zero.
 */
public record ArgReduce(Kind kind, int axis) implements Op {
  /** Which extreme. */
  public enum Kind {
    MAX,
    MIN
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.checkAxis("C2", axis, operand.rank());
    context.checkDType("C3", operand.dtype() != DType.BOOL, "booleans have no order");
    return List.of(new TensorType(DType.I32, operand.shape().without(List.of(axis))));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return operands.get(0).shape().count();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    long[] sizes = x.sizes();
    long[] resultSizes = context.result(0).shape().asLongs();
    return List.of(
        HostTensor.ofLongs(
            context.result(0),
            i -> {
              long[] kept = Indexing.coordinates(resultSizes, i);
              long[] at = new long[sizes.length];
              for (int from = 0, to = 0; to < at.length; to++) {
                at[to] = to == axis ? 0 : kept[from++];
              }
              long best = 0;
              int bestPosition = -1;
              for (at[axis] = 0; at[axis] < sizes[axis]; at[axis]++) {
                int position = Indexing.position(sizes, at);
                if (bestPosition < 0 || isMoreExtreme(x, position, bestPosition)) {
                  best = at[axis];
                  bestPosition = position;
                }
              }
              return best;
            }));
  }

  private boolean isMoreExtreme(HostTensor x, int candidate, int best) {
    if (!x.dtype().isFloat()) {
      return kind == Kind.MAX
          ? x.longAt(candidate) > x.longAt(best)
          : x.longAt(candidate) < x.longAt(best);
    }
    double a = x.doubleAt(candidate);
    double b = x.doubleAt(best);
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return !Double.isNaN(b);
    }
    return kind == Kind.MAX ? a > b : a < b;
  }
}
