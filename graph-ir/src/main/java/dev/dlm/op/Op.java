package dev.dlm.op;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.util.List;

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
   * The gradient rule: gives, for each operand, the gradient of the differentiated value with
   * respect to it, made from the gradients with respect to the results. Speaks of each operand
   * exactly once.
   */
  void differentiate(GradientContext context);

  /** The results computed as plainly as the op is defined. */
  List<HostTensor> evaluate(EvalContext context);
}
