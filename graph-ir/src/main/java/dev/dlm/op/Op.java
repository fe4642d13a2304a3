package dev.dlm.op;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * An operation on tensors: a record whose components are its attributes. Pure: equal ops on equal
 * operands give equal results.
 *
 * <p>The Javadoc of an op states its formula, shapes and numbered constraints; {@link #infer}
 * checks exactly these. Attributes may be of the types that {@link Attributes} lists; the text and
 * protobuf forms follow from the components.
 */
public interface Op {

  /** The name in the text form: the record's name in lower snake case. */
  default String name() {
    return OpRegistry.nameOf(getClass());
  }

  /**
   * The types of the results for the operand types in {@code context}; reports violated constraints
   * through it.
   */
  List<TensorType> infer(InferContext context);

  /**
   * The operations on scalars that an evaluation takes, as a formula of the sizes: arithmetic,
   * comparisons and functions, which count as {@link ScalarFunction#operations} says, a fused
   * multiply-add two. Moving elements takes none. Where the values decide how many there are, an op
   * says what it counts.
   *
   * @param operands types for which {@link #infer} gives {@code results}
   */
  Dim operations(List<TensorType> operands, List<TensorType> results);

  /**
   * How many elements of an operand an evaluation looks at: all of them, unless the op picks some.
   */
  default Dim elementsRead(int operand, List<TensorType> operands, List<TensorType> results) {
    return operands.get(operand).shape().count();
  }

  /**
   * For an op that changes some elements of its first operand and leaves the others as they are:
   * how many it changes. Empty for all other ops.
   */
  default Optional<Dim> elementsChanged(List<TensorType> operands) {
    return Optional.empty();
  }

  /**
   * The gradient rule: gives, for each operand, the gradient of the differentiated value with
   * respect to it, made from the gradients with respect to the results. Speaks of each operand
   * exactly once.
   */
  void differentiate(GradientContext context);

  /** The results computed as plainly as the op is defined. */
  List<HostTensor> evaluate(EvalContext context);
}
