package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteRuleSet;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.nn.Dot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lets products read their operands as they lie.
 *
 * <ul>
 *   <li>{@code dot(transpose a, b) → dot(a, b)} with other axes, where the free axes of {@code a}
 *       stay in order; so for {@code b}
 *   <li>{@code transpose dot(a, b) → dot(b, a)}, where the transposition exchanges the free axes of
 *       {@code a} with those of {@code b} and nothing else
 * </ul>
 *
 * <p>Keeps every bit of the reference: each element is the sum of the same products in the same
 * order.
 */
public record FoldTransposeIntoDot() implements BodyPass {
  private static final RewriteRuleSet RULES =
      new RewriteRuleSet(
          List.of(
              new RewriteRule<>("dot(transpose a, b)", Dot.class, FoldTransposeIntoDot::left),
              new RewriteRule<>("dot(a, transpose b)", Dot.class, FoldTransposeIntoDot::right),
              new RewriteRule<>(
                  "transpose dot(a, b) → dot(b, a)", Transpose.class, FoldTransposeIntoDot::swap)));

  @Override
  public Body rewrite(Body body) {
    return RULES.rewrite(body);
  }

  private static Optional<Value> left(Dot op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Transpose.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Transpose transpose)) {
      return Optional.empty();
    }
    List<Integer> free = through(transpose, op.leftFree(node.operand(0).rank()));
    Dot dot =
        new Dot(
            through(transpose, op.leftBatch()),
            op.rightBatch(),
            through(transpose, op.leftContracting()),
            op.rightContracting());
    return AxisAlignment.isIncreasing(free)
        ? Optional.of(scope.builder().one(dot, inner.get().operand(0), node.operand(1)))
        : Optional.empty();
  }

  private static Optional<Value> right(Dot op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(1), Transpose.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Transpose transpose)) {
      return Optional.empty();
    }
    List<Integer> free = through(transpose, op.rightFree(node.operand(1).rank()));
    Dot dot =
        new Dot(
            op.leftBatch(),
            through(transpose, op.rightBatch()),
            op.leftContracting(),
            through(transpose, op.rightContracting()));
    return AxisAlignment.isIncreasing(free)
        ? Optional.of(scope.builder().one(dot, node.operand(0), inner.get().operand(0)))
        : Optional.empty();
  }

  private static List<Integer> through(Transpose transpose, List<Integer> axes) {
    return axes.stream().map(transpose.permutation()::get).toList();
  }

  private static Optional<Value> swap(Transpose op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Dot.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Dot dot)) {
      return Optional.empty();
    }
    Value a = inner.get().operand(0);
    Value b = inner.get().operand(1);
    int batch = dot.leftBatch().size();
    int leftEnd = batch + dot.leftFree(a.rank()).size();
    List<Integer> exchange = new ArrayList<>();
    IntStream.range(0, batch).forEach(exchange::add);
    IntStream.range(leftEnd, node.result().rank()).forEach(exchange::add);
    IntStream.range(batch, leftEnd).forEach(exchange::add);
    Dot swapped =
        new Dot(dot.rightBatch(), dot.leftBatch(), dot.rightContracting(), dot.leftContracting());
    return op.permutation().equals(exchange)
        ? Optional.of(scope.builder().one(swapped, b, a))
        : Optional.empty();
  }
}
