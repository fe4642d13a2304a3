package dev.dlm.op;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.util.List;

/**
 * What a reference evaluation sees: the operands, and the result types with all sizes known.
 * Immutable.
 *
 * @param results the result types, of constant shape
 */
public record EvalContext(List<HostTensor> operands, List<TensorType> results) {
  public EvalContext {
    operands = List.copyOf(operands);
    results = List.copyOf(results);
  }

  public HostTensor in(int index) {
    return operands.get(index);
  }

  public TensorType result(int index) {
    return results.get(index);
  }
}
