package dev.dlm.compiler.control;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Operands of control flow that cost nothing to make again inside. */
final class Repeated {
  private Repeated() {}

  /**
   * A value made again inside of a body, if it is a constant scalar or a broadcast of some value.
   *
   * @param outside the builder of the value
   * @param capture brings a value of the outside in
   */
  static Optional<Value> inside(
      Value value, BodyBuilder outside, BodyBuilder inside, UnaryOperator<Value> capture) {
    return outside.producer(value).flatMap(node -> inside(node, outside, inside, capture));
  }

  private static Optional<Value> inside(
      Node node, BodyBuilder outside, BodyBuilder inside, UnaryOperator<Value> capture) {
    return switch (node.op()) {
      case Constant constant when constant.value().type().rank() == 0 ->
          Optional.of(inside.constant(constant.value()));
      case Broadcast broadcast -> {
        Value source = node.operand(0);
        Value brought =
            inside(source, outside, inside, capture).orElseGet(() -> capture.apply(source));
        yield Optional.of(inside.broadcast(brought, broadcast.shape(), broadcast.axes()));
      }
      default -> Optional.empty();
    };
  }

  /** The part of a broadcast that every iteration of a scan over it sees, made inside. */
  static Optional<Value> slice(
      Value scanned, BodyBuilder outside, BodyBuilder inside, UnaryOperator<Value> capture) {
    Optional<Node> node = outside.producer(scanned);
    if (node.isEmpty()
        || !(node.get().op() instanceof Broadcast broadcast)
        || broadcast.axes().contains(0)) {
      return Optional.empty();
    }
    Value source = node.get().operand(0);
    Value brought = inside(source, outside, inside, capture).orElseGet(() -> capture.apply(source));
    Shape shape = broadcast.shape();
    Shape tail = new Shape(shape.dims().subList(1, shape.rank()));
    return Optional.of(
        inside.broadcast(brought, tail, broadcast.axes().stream().map(axis -> axis - 1).toList()));
  }
}
