package dev.dlm.compiler.simplify;

import static dev.dlm.op.math.Compare.Direction.EQUAL;
import static dev.dlm.op.math.Compare.Direction.LESS;
import static dev.dlm.op.math.Compare.Direction.LESS_OR_EQUAL;
import static dev.dlm.op.math.Compare.Direction.NOT_EQUAL;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.DType;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Compare;
import dev.dlm.op.math.Not;
import dev.dlm.op.math.Or;
import dev.dlm.op.math.Select;
import java.util.List;
import java.util.Optional;

/**
 * Laws of booleans, comparisons and choices. All keep every bit.
 *
 * <ul>
 *   <li>{@code select(true, a, b) → a}, {@code select(false, a, b) → b}
 *   <li>{@code select(c, a, a) → a}
 *   <li>{@code select(not c, a, b) → select(c, b, a)}
 *   <li>{@code not not x → x}
 *   <li>{@code not (a == b) → a != b} and the other way round; {@code not (a < b) → b <= a} and the
 *       other way round for integers alone, where nothing is NaN
 *   <li>{@code x and true → x}, {@code x and false → false}, {@code x and x → x}; so for or
 * </ul>
 */
final class LogicRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("select(true, a, b) → a", Select.class, LogicRules::knownChoice),
          new RewriteRule<>("select(c, a, a) → a", Select.class, LogicRules::equalBranches),
          new RewriteRule<>("select(not c, a, b)", Select.class, LogicRules::negatedChoice),
          new RewriteRule<>("not not x → x", Not.class, LogicRules::negateTwice),
          new RewriteRule<>("not (a == b) → a != b", Not.class, LogicRules::negatedComparison),
          new RewriteRule<>("x and true → x", And.class, LogicRules::knownAnd),
          new RewriteRule<>("x or false → x", Or.class, LogicRules::knownOr));

  private LogicRules() {}

  private static Optional<Value> knownChoice(Select op, Node node, RewriteScope scope) {
    return scope
        .uniform(node.operand(0))
        .map(condition -> condition.longAt(0) != 0 ? node.operand(1) : node.operand(2));
  }

  private static Optional<Value> equalBranches(Select op, Node node, RewriteScope scope) {
    return node.operand(1).equals(node.operand(2))
        ? Optional.of(node.operand(1))
        : Optional.empty();
  }

  private static Optional<Value> negatedChoice(Select op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Not.class, node.operand(0))
        .map(condition -> scope.builder().select(condition, node.operand(2), node.operand(1)));
  }

  private static Optional<Value> negateTwice(Not op, Node node, RewriteScope scope) {
    return scope.operandOf(Not.class, node.operand(0));
  }

  private static Optional<Value> negatedComparison(Not op, Node node, RewriteScope scope) {
    Optional<Node> comparison = scope.producer(node.operand(0), Compare.class);
    if (comparison.isEmpty() || !(comparison.get().op() instanceof Compare compare)) {
      return Optional.empty();
    }
    Value a = comparison.get().operand(0);
    Value b = comparison.get().operand(1);
    boolean ordered = !a.dtype().isFloat();
    return switch (compare.direction()) {
      case EQUAL -> Optional.of(scope.builder().one(new Compare(NOT_EQUAL), a, b));
      case NOT_EQUAL -> Optional.of(scope.builder().one(new Compare(EQUAL), a, b));
      case LESS ->
          ordered
              ? Optional.of(scope.builder().one(new Compare(LESS_OR_EQUAL), b, a))
              : Optional.empty();
      case LESS_OR_EQUAL ->
          ordered ? Optional.of(scope.builder().one(new Compare(LESS), b, a)) : Optional.empty();
    };
  }

  private static Optional<Value> knownAnd(And op, Node node, RewriteScope scope) {
    return known(node, scope, true);
  }

  private static Optional<Value> knownOr(Or op, Node node, RewriteScope scope) {
    return known(node, scope, false);
  }

  private static Optional<Value> known(Node node, RewriteScope scope, boolean neutral) {
    if (Operands.areSame(node)) {
      return Optional.of(node.operand(0));
    }
    if (node.result().dtype() != DType.BOOL) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      if (scope.isUniformly(node.operand(i), neutral ? 1 : 0)) {
        return Optional.of(node.operand(1 - i));
      }
      if (scope.isUniformly(node.operand(i), neutral ? 0 : 1)) {
        return Optional.of(node.operand(i));
      }
    }
    return Optional.empty();
  }
}
