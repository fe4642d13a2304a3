package dev.dlm.op;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import java.util.function.Supplier;

/**
 * What a gradient rule sees and where it puts its answer. For a result {@code r} of the op and the
 * differentiated scalar {@code y}, {@code upstream} is {@code ∂y/∂r}; the rule gives {@code
 * ∂y/∂operand} for each operand.
 */
public interface GradientContext {

  /** The builder to make nodes with; they are located as the gradient of the node. */
  BodyBuilder builder();

  /** The number of operands. */
  int count();

  /** An operand of the node. */
  Value in(int index);

  /** A result of the node. */
  Value out(int index);

  /** The gradient with respect to a result: of its type, zeros if nothing depends on it. */
  Value upstream(int index);

  /** {@link #upstream(int)} of the only result. */
  default Value upstream() {
    return upstream(0);
  }

  /** Whether the gradient with respect to an operand is asked for or passes on to others. */
  boolean isNeeded(int operand);

  /** The gradient with respect to an operand; the supplier runs only if that gradient is needed. */
  void gradient(int operand, Supplier<Value> value);

  /**
   * States that the results do not change with infinitesimal changes of the operand, or that it is
   * no floating-point tensor.
   */
  void zero(int operand);

  /**
   * States that there is no gradient with respect to the operand: asking for it is the user's
   * error.
   *
   * @param reason why, for the message
   */
  void notDifferentiable(int operand, String reason);

  /**
   * States the gradients of all operands at once, as those of a body that computes the op's results
   * from its operands. Operands that are not floating-point tensors have the gradient zero.
   *
   * @param body its parameters have the operands' types, its results those of the op's results
   */
  void differentiateThrough(Body body);
}
