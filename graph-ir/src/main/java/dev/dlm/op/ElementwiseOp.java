package dev.dlm.op;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.reference.ScalarReference;
import java.util.List;

/**
 * An op that applies one {@link ScalarFunction} to corresponding elements of operands of one shape.
 *
 * <p>(C1) the number of operands is the function's arity; (C2) the operand shapes are equal; (C3)
 * the element types suit the function.
 */
public interface ElementwiseOp extends Op {

  /** The function applied to each element. */
  ScalarFunction function();

  /** The element type of the result, after checking the operand types as constraint C3. */
  DType inferDType(InferContext context);

  @Override
  default List<TensorType> infer(InferContext context) {
    context.checkCount(function().arity());
    for (int i = 1; i < context.count(); i++) {
      context.checkEqual(
          "C2", context.in(0).shape(), context.in(i).shape(), "operand shapes differ");
    }
    return List.of(new TensorType(inferDType(context), context.in(0).shape()));
  }

  @Override
  default Dim operations(List<TensorType> operands, List<TensorType> results) {
    return results.get(0).shape().count().times(function().operations());
  }

  @Override
  default List<HostTensor> evaluate(EvalContext context) {
    return List.of(ScalarReference.map(function(), context.operands(), context.result(0)));
  }
}
