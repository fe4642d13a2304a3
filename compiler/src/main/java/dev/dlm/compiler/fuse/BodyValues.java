package dev.dlm.compiler.fuse;

import dev.dlm.ir.Body;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.meta.StopGradient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who made which value of a body. Immutable. */
public final class BodyValues {
  private final Map<Value, Node> producers = new HashMap<>();

  public BodyValues(Body body) {
    for (Node node : body.nodes()) {
      node.results().forEach(value -> producers.put(value, node));
    }
  }

  /** The node that made a value; empty for parameters. */
  public Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /**
   * Whether a node costs nothing inside a loop, because it only renames coordinates or needs no
   * operand.
   */
  public boolean isFree(Node node) {
    return NodeKind.of(node, this::producer) == NodeKind.FREE;
  }

  /**
   * The value whose bytes a value is: its operand's for reshapes and the like, itself otherwise.
   */
  public Value rootOf(Value value) {
    Value root = value;
    while (true) {
      Optional<Node> alias =
          producer(root)
              .filter(node -> node.op() instanceof Reshape || node.op() instanceof StopGradient);
      if (alias.isEmpty()) {
        return root;
      }
      root = alias.get().operand(0);
    }
  }

  /** The number that every element of a value is, where the value is such a constant. */
  public Optional<HostTensor> uniformConstant(Value value) {
    return producer(value)
        .filter(node ->
            node.op() instanceof Constant constant
                && constant.value().count() > 0
                && constant.value().isUniform())
        .map(node -> firstElement(((Constant) node.op()).value()));
  }

  private static HostTensor firstElement(HostTensor tensor) {
    return tensor.dtype().isFloat()
        ? HostTensor.scalar(tensor.dtype(), tensor.doubleAt(0))
        : HostTensor.ofLongs(TensorType.of(tensor.dtype()), i -> tensor.longAt(0));
  }
}
