package dev.dlm.op;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.reference.Interpreter;
import java.util.ArrayList;
import java.util.List;

/**
 * An op that is defined by its expansion into other ops. Result types, gradient and reference
 * evaluation follow from the expansion, so that a record which implements {@link #expand} is
 * complete; each of them may be overridden, for example by a gradient rule that is more stable than
 * the derived one.
 *
 * <p>The compiler replaces composite ops by their expansions after gradients are expanded, so that
 * an own gradient rule is seen; devices need no kernel for them. An op that {@linkplain #isOneStep
 * stays one step} comes to devices together with its expansion, which those run that have no kernel
 * for it.
 */
public interface CompositeOp extends Op {

  /**
   * Adds the nodes of the expansion.
   *
   * @param operands values of {@code builder} that satisfy {@link #check}
   * @return the results; they may be operands. Their types follow from the operand types alone
   */
  List<Value> expand(BodyBuilder builder, List<Value> operands);

  /**
   * Checks the op's own constraints, before the expansion is tried; what it lets through must
   * expand. The number of operands is one of them.
   */
  void check(InferContext context);

  /**
   * Whether a plan has one step for the op, because a device that computes it as a whole does so
   * better than by its expansion: faster, or with less memory. Otherwise what stands around it may
   * fuse with the nodes of the expansion.
   *
   * @param operands types that satisfy {@link #check}
   */
  default boolean isOneStep(List<TensorType> operands) {
    return false;
  }

  @Override
  default List<TensorType> infer(InferContext context) {
    check(context);
    return context.inferFrom(this::expand);
  }

  /** Those of the expansion. */
  @Override
  default Dim operations(List<TensorType> operands, List<TensorType> results) {
    return expansion(operands).operations();
  }

  /** Through the expansion. */
  @Override
  default void differentiate(GradientContext context) {
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < context.count(); i++) {
      types.add(context.in(i).type());
    }
    context.differentiateThrough(expansion(types));
  }

  /** By the reference evaluations of the expansion. */
  @Override
  default List<HostTensor> evaluate(EvalContext context) {
    List<TensorType> types = context.operands().stream().map(HostTensor::type).toList();
    return Interpreter.evaluate(expansion(types), context.operands());
  }

  /** The expansion for operands of the given types as a body, its nodes without a place. */
  default Body expansion(List<TensorType> operands) {
    BodyBuilder builder = new BodyBuilder();
    List<Value> parameters = operands.stream().map(builder::parameter).toList();
    List<Value> results = expand(builder, parameters);
    if (results.isEmpty()) {
      throw new InternalException("the expansion of " + name() + " has no result");
    }
    return builder.build(results);
  }
}
