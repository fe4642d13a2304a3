package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Neg;
import dev.dlm.op.math.Sub;
import java.util.List;
import java.util.Optional;

/**
 * Laws of sums, differences and negation. All keep every bit: rounding is symmetric in the sign,
 * and signs of zeros are minded.
 *
 * <ul>
 *   <li>{@code c + x → x + c}, c uniform and x not
 *   <li>{@code x + 0 → x} for integers; for floating point where {@code x} is never −0
 *   <li>{@code x + (−0) → x}
 *   <li>{@code x - 0 → x}
 *   <li>{@code (−0) - x → neg x}, for integers {@code 0 - x → neg x}
 *   <li>{@code x - x → 0} for integers
 *   <li>{@code neg neg x → x}
 *   <li>{@code x + neg y → x - y}, {@code neg x + y → y - x}, {@code x - neg y → x + y}
 * </ul>
 */
final class SumRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("c + x → x + c", Add.class, SumRules::constantLast),
          new RewriteRule<>("x + 0 → x", Add.class, SumRules::addZero),
          new RewriteRule<>("x + neg y → x - y", Add.class, SumRules::addNegated),
          new RewriteRule<>("neg x + y → y - x", Add.class, SumRules::negatedAdd),
          new RewriteRule<>("x - 0 → x", Sub.class, SumRules::subtractZero),
          new RewriteRule<>("0 - x → neg x", Sub.class, SumRules::zeroSubtract),
          new RewriteRule<>("x - x → 0", Sub.class, SumRules::subtractSelf),
          new RewriteRule<>("x - neg y → x + y", Sub.class, SumRules::subtractNegated),
          new RewriteRule<>("neg neg x → x", Neg.class, SumRules::negateTwice));

  private SumRules() {}

  private static Optional<Value> constantLast(Add op, Node node, RewriteScope scope) {
    return Operands.isConstantFirst(node, scope)
        ? Optional.of(scope.builder().one(op, node.operand(1), node.operand(0)))
        : Optional.empty();
  }

  private static Optional<Value> addZero(Add op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    Value zero = node.operand(1);
    boolean neutral =
        x.dtype().isFloat()
            ? scope.isUniformly(zero, -0.0)
                || (scope.isUniformly(zero, 0.0) && SignFacts.isNeverSigned(x, scope))
            : scope.isUniformly(zero, 0);
    return neutral ? Optional.of(x) : Optional.empty();
  }

  private static Optional<Value> addNegated(Add op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Neg.class, node.operand(1))
        .map(y -> scope.builder().one(new Sub(), node.operand(0), y));
  }

  private static Optional<Value> negatedAdd(Add op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Neg.class, node.operand(0))
        .map(x -> scope.builder().one(new Sub(), node.operand(1), x));
  }

  private static Optional<Value> subtractZero(Sub op, Node node, RewriteScope scope) {
    return scope.isUniformly(node.operand(1), 0.0)
        ? Optional.of(node.operand(0))
        : Optional.empty();
  }

  private static Optional<Value> zeroSubtract(Sub op, Node node, RewriteScope scope) {
    double zero = node.result().dtype().isFloat() ? -0.0 : 0;
    return scope.isUniformly(node.operand(0), zero)
        ? Optional.of(scope.builder().neg(node.operand(1)))
        : Optional.empty();
  }

  private static Optional<Value> subtractSelf(Sub op, Node node, RewriteScope scope) {
    boolean holds = !node.result().dtype().isFloat() && node.operand(0).equals(node.operand(1));
    return holds ? Optional.of(scope.builder().like(node.result(), 0)) : Optional.empty();
  }

  private static Optional<Value> subtractNegated(Sub op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Neg.class, node.operand(1))
        .map(y -> scope.builder().one(new Add(), node.operand(0), y));
  }

  private static Optional<Value> negateTwice(Neg op, Node node, RewriteScope scope) {
    return scope.operandOf(Neg.class, node.operand(0));
  }
}
