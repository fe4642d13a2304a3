package dev.dlm.ir;

import dev.dlm.diagnostic.Location;
import dev.dlm.op.Op;
import java.util.List;

/**
 * One application of an op. Immutable.
 *
 * @param operands values that stand earlier in the same body
 * @param results at least one value, new in this node
 */
public record Node(Op op, List<Value> operands, List<Value> results, Location location) {
  public Node {
    operands = List.copyOf(operands);
    results = List.copyOf(results);
  }

  /** What {@link Op#operations} says for the types of the operands and results. */
  public Dim operations() {
    return op.operations(
        operands.stream().map(Value::type).toList(), results.stream().map(Value::type).toList());
  }

  public Value operand(int index) {
    return operands.get(index);
  }

  /** The only result, or the first one. */
  public Value result() {
    return results.get(0);
  }
}
