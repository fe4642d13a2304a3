package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Comparison: {@code y = a <direction> b}, boolean. With a NaN every comparison is false but {@code
 * NOT_EQUAL}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, and not boolean unless
 * compared for equality. The gradients are zero.
 */
public record Compare(Direction direction) implements ElementwiseOp {
  /** Which comparison; the missing two are these with operands exchanged. */
  public enum Direction {
    EQUAL(ScalarFunction.EQUAL),
    NOT_EQUAL(ScalarFunction.NOT_EQUAL),
    LESS(ScalarFunction.LESS),
    LESS_OR_EQUAL(ScalarFunction.LESS_OR_EQUAL);

    private final ScalarFunction function;

    Direction(ScalarFunction function) {
      this.function = function;
    }
  }

  @Override
  public ScalarFunction function() {
    return direction.function;
  }

  @Override
  public DType inferDType(InferContext context) {
    DType dtype = context.checkSameDType("C3", 0);
    boolean ordered = direction == Direction.LESS || direction == Direction.LESS_OR_EQUAL;
    context.checkDType("C3", !ordered || dtype != DType.BOOL, "booleans have no order");
    return DType.BOOL;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.zero(1);
  }
}
