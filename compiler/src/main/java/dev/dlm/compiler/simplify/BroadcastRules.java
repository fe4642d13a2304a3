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
 * Laws of broadcasts. All keep every bit.
 *
 * <ul>
 *   <li>{@code broadcast x to its own shape → x}
 *   <li>{@code broadcast (broadcast x) → broadcast x}
 *   <li>{@code broadcast (reshape x) → broadcast x}, where the reshape only adds axes of size 1 and
 *       {@code x} has none
 *   <li>{@code broadcast x → reshape x}, where all new axes are of size 1 and {@code x} is no
 *       scalar
 *   <li>{@code f(broadcast x, broadcast y) → broadcast f(x, y)}, element-wise {@code f}, where all
 *       operands are broadcast along the same axes or from scalars
 * </ul>
 */
final class BroadcastRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("broadcast x to its own shape", Broadcast.class, BroadcastRules::drop),
          new RewriteRule<>("broadcast (broadcast x)", Broadcast.class, BroadcastRules::merge),
          new RewriteRule<>("broadcast (reshape x)", Broadcast.class, BroadcastRules::ofReshape),
          new RewriteRule<>("broadcast x → reshape x", Broadcast.class, BroadcastRules::toReshape),
          new RewriteRule<>(
              "f(broadcast x) → broadcast f(x)", ElementwiseOp.class, BroadcastRules::delay));

  private BroadcastRules() {}

  private static Optional<Value> drop(Broadcast op, Node node, RewriteScope scope) {
    return node.operand(0).rank() == op.shape().rank()
        ? Optional.of(node.operand(0))
        : Optional.empty();
  }

  private static Optional<Value> merge(Broadcast op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Broadcast.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Broadcast first)) {
      return Optional.empty();
    }
    List<Integer> axes = first.axes().stream().map(op.axes()::get).toList();
    return Optional.of(scope.builder().broadcast(inner.get().operand(0), op.shape(), axes));
  }

  private static Optional<Value> ofReshape(Broadcast op, Node node, RewriteScope scope) {
    Optional<Value> x = scope.operandOf(Reshape.class, node.operand(0));
    if (x.isEmpty() || !AxisAlignment.isSizedThroughout(x.get().shape())) {
      return Optional.empty();
    }
    return AxisAlignment.of(x.get().shape(), node.operand(0).shape())
        .map(aligned ->
            scope
                .builder()
                .broadcast(x.get(), op.shape(), aligned.stream().map(op.axes()::get).toList()));
  }

  private static Optional<Value> toReshape(Broadcast op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    boolean onlyOnes = x.rank() > 0;
    for (int axis = 0; axis < op.shape().rank(); axis++) {
      onlyOnes &= op.axes().contains(axis) || op.shape().dim(axis).is(1);
    }
    return onlyOnes ? Optional.of(scope.builder().reshape(x, op.shape())) : Optional.empty();
  }

  private static Optional<Value> delay(ElementwiseOp op, Node node, RewriteScope scope) {
    List<Value> sources = new ArrayList<>();
    Shape shape = Shape.SCALAR;
    List<Integer> axes = List.of();
    for (Value operand : node.operands()) {
      Optional<Node> producer = scope.producer(operand, Broadcast.class);
      if (producer.isEmpty() || !(producer.get().op() instanceof Broadcast broadcast)) {
        return Optional.empty();
      }
      Value source = producer.get().operand(0);
      if (source.rank() > 0) {
        boolean other = !broadcast.axes().equals(axes) || !source.shape().equals(shape);
        if (shape.rank() > 0 && other) {
          return Optional.empty();
        }
        shape = source.shape();
        axes = broadcast.axes();
      }
      sources.add(source);
    }
    List<Value> operands = new ArrayList<>();
    for (Value source : sources) {
      operands.add(scope.builder().broadcastTo(source, shape));
    }
    Value result = scope.builder().apply(op, operands).get(0);
    return Optional.of(scope.builder().broadcast(result, node.result().shape(), axes));
  }
}
