package dev.dlm.op.random;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * Uniformly random bits, 32 an element, as {@code i32}: {@code y[i] = Philox(key, counter, i)} with
 * {@code i} the element's position in row-major order, as {@link Philox#element} says. Equal keys
 * and counters give equal bits, on every device.
 *
 * <p>(C1) two operands; (C2) both are {@code i64[]}: the key and the counter. The gradients are
 * zero.
 */
public record RandomBits(Shape shape) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType wanted = TensorType.of(DType.I64);
    for (TensorType operand : context.operands()) {
      context.checkDType(
          "C2", operand.equals(wanted), "key and counter are " + wanted + ", not " + operand);
    }
    return List.of(new TensorType(DType.I32, shape));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return results.get(0).shape().count().times(Philox.OPERATIONS_PER_ELEMENT);
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.zero(1);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    long key = context.in(0).longAt(0);
    long counter = context.in(1).longAt(0);
    return List.of(HostTensor.ofLongs(context.result(0), i -> Philox.element(key, counter, i)));
  }
}
