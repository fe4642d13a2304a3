package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Transpose;
import java.util.List;
import java.util.Optional;

/**
 * Laws of transpositions. All keep every bit.
 *
 * <ul>
 *   <li>{@code transpose x without exchange → x}
 *   <li>{@code transpose (transpose x) → transpose x}
 *   <li>{@code transpose (broadcast x) → broadcast x}, where the axes of {@code x} stay in order
 *   <li>{@code transpose x → reshape x}, where the axes of {@code x} stay in order except those of
 *       size 1
 * </ul>
 */
final class TransposeRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>(
              "transpose without exchange → x", Transpose.class, TransposeRules::drop),
          new RewriteRule<>("transpose (transpose x)", Transpose.class, TransposeRules::merge),
          new RewriteRule<>(
              "transpose (broadcast x)", Transpose.class, TransposeRules::ofBroadcast),
          new RewriteRule<>("transpose x → reshape x", Transpose.class, TransposeRules::toReshape));

  private TransposeRules() {}

  private static Optional<Value> drop(Transpose op, Node node, RewriteScope scope) {
    return op.permutation().equals(BodyBuilder.allAxes(node.operand(0)))
        ? Optional.of(node.operand(0))
        : Optional.empty();
  }

  private static Optional<Value> merge(Transpose op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Transpose.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Transpose first)) {
      return Optional.empty();
    }
    List<Integer> composed = op.permutation().stream().map(first.permutation()::get).toList();
    return Optional.of(scope.builder().transpose(inner.get().operand(0), composed));
  }

  private static Optional<Value> ofBroadcast(Transpose op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Broadcast.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    List<Integer> axes = broadcast.axes().stream().map(op.permutation()::indexOf).toList();
    return AxisAlignment.isIncreasing(axes)
        ? Optional.of(
            scope.builder().broadcast(inner.get().operand(0), node.result().shape(), axes))
        : Optional.empty();
  }

  private static Optional<Value> toReshape(Transpose op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    List<Integer> sized = op.permutation().stream().filter(axis -> !x.dim(axis).is(1)).toList();
    return AxisAlignment.isIncreasing(sized)
        ? Optional.of(scope.builder().reshape(x, node.result().shape()))
        : Optional.empty();
  }
}
