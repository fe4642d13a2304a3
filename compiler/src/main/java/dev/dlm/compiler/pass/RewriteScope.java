package dev.dlm.compiler.pass;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import java.util.List;
import java.util.Optional;

/**
 * What a rewrite rule sees of the body being built. Nodes that a rule matched with {@link
 * #producer(Value, Class)} lend their places to the nodes that it makes. Used by one thread.
 */
public final class RewriteScope {
  private final BodyBuilder builder;

  RewriteScope(BodyBuilder builder) {
    this.builder = builder;
  }

  /** The builder of the replacement. */
  public BodyBuilder builder() {
    return builder;
  }

  /** The node that makes a value, if it applies an op of the given class. */
  public Optional<Node> producer(Value value, Class<? extends Op> op) {
    Optional<Node> node = builder.producer(value).filter(found -> op.isInstance(found.op()));
    node.ifPresent(
        found -> builder.at(Location.fuse(List.of(builder.location(), found.location()))));
    return node;
  }

  /** The node that makes a value, without taking over its place. */
  public Optional<Node> producer(Value value) {
    return builder.producer(value);
  }

  /** The only operand of the node that makes a value, if that applies an op of the given class. */
  public Optional<Value> operandOf(Class<? extends Op> op, Value value) {
    return producer(value, op).map(node -> node.operand(0));
  }

  /** The tensor that a value is, if it is a constant node. */
  public Optional<HostTensor> constant(Value value) {
    return builder
        .producer(value)
        .flatMap(node ->
            node.op() instanceof Constant constant
                ? Optional.of(constant.value())
                : Optional.empty());
  }

  /** The scalar that all elements of a value equal, if that is known. */
  public Optional<HostTensor> uniform(Value value) {
    Optional<Node> node = builder.producer(value);
    while (node.isPresent() && node.get().op() instanceof Broadcast) {
      node = builder.producer(node.get().operand(0));
    }
    return node.flatMap(found ->
        found.op() instanceof Constant constant
                && constant.value().count() > 0
                && constant.value().isUniform()
            ? Optional.of(elementOf(constant.value()))
            : Optional.empty());
  }

  private static HostTensor elementOf(HostTensor tensor) {
    if (tensor.type().rank() == 0) {
      return tensor;
    }
    return tensor.dtype().isFloat()
        ? HostTensor.ofDoubles(tensor.type().withShape(Shape.SCALAR), i -> tensor.doubleAt(0))
        : HostTensor.ofLongs(tensor.type().withShape(Shape.SCALAR), i -> tensor.longAt(0));
  }

  /**
   * Whether all elements of a value are known to be the given number; of zeros of floating-point
   * types also the sign counts.
   */
  public boolean isUniformly(Value value, double number) {
    return uniform(value)
        .filter(scalar ->
            scalar.dtype().isFloat()
                ? Double.doubleToLongBits(scalar.doubleAt(0)) == Double.doubleToLongBits(number)
                : scalar.longAt(0) == (long) number)
        .isPresent();
  }
}
