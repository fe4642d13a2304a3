package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Laws of reshapes. All keep every bit.
 *
 * <ul>
 *   <li>{@code reshape x to its own shape → x}
 *   <li>{@code reshape (reshape x) → reshape x}
 *   <li>{@code reshape (broadcast of a scalar) → broadcast of the scalar}
 *   <li>{@code reshape (broadcast x) → broadcast x}, where the reshape only adds or drops axes of
 *       size 1 and {@code x} has none
 *   <li>{@code f(reshape x, reshape y) → reshape f(x, y)}, element-wise {@code f}, where {@code x}
 *       and {@code y} have one shape or are scalars that were broadcast
 * </ul>
 */
final class ReshapeRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("reshape x to its own shape → x", Reshape.class, ReshapeRules::drop),
          new RewriteRule<>("reshape (reshape x)", Reshape.class, ReshapeRules::merge),
          new RewriteRule<>("reshape (broadcast x)", Reshape.class, ReshapeRules::ofBroadcast),
          new RewriteRule<>(
              "f(reshape x) → reshape f(x)", ElementwiseOp.class, ReshapeRules::delay));

  private ReshapeRules() {}

  private static Optional<Value> drop(Reshape op, Node node, RewriteScope scope) {
    return node.operand(0).type().equals(node.result().type())
        ? Optional.of(node.operand(0))
        : Optional.empty();
  }

  private static Optional<Value> merge(Reshape op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Reshape.class, node.operand(0))
        .map(x -> scope.builder().reshape(x, op.shape()));
  }

  private static Optional<Value> ofBroadcast(Reshape op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Broadcast.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    Value x = inner.get().operand(0);
    if (x.rank() == 0) {
      return Optional.of(scope.builder().broadcast(x, op.shape(), List.of()));
    }
    if (!AxisAlignment.isSizedThroughout(x.shape())) {
      return Optional.empty();
    }
    List<Integer> sized = AxisAlignment.sizedAxes(broadcast.shape());
    return AxisAlignment.of(broadcast.shape(), op.shape())
        .map(aligned -> {
          List<Integer> axes =
              broadcast.axes().stream().map(axis -> aligned.get(sized.indexOf(axis))).toList();
          return scope.builder().broadcast(x, op.shape(), axes);
        });
  }

  private static Optional<Value> delay(ElementwiseOp op, Node node, RewriteScope scope) {
    Optional<Shape> shape =
        node.operands().stream()
            .flatMap(operand -> scope.operandOf(Reshape.class, operand).stream())
            .map(Value::shape)
            .findFirst();
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    List<Value> sources = new ArrayList<>();
    for (Value operand : node.operands()) {
      source(operand, shape.get(), scope).ifPresent(sources::add);
    }
    if (sources.size() < node.operands().size()) {
      return Optional.empty();
    }
    List<Value> operands =
        sources.stream().map(x -> scope.builder().broadcastTo(x, shape.get())).toList();
    Value result = scope.builder().apply(op, operands).get(0);
    return Optional.of(scope.builder().reshape(result, node.result().shape()));
  }

  /** What was reshaped from the given shape, or the scalar that was broadcast. */
  private static Optional<Value> source(Value operand, Shape shape, RewriteScope scope) {
    return scope
        .operandOf(Reshape.class, operand)
        .filter(x -> x.shape().equals(shape))
        .or(() -> scope.operandOf(Broadcast.class, operand).filter(x -> x.rank() == 0));
  }
}
