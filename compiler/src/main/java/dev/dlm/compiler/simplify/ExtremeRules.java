package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.EvalContext;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Floor;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Min;
import dev.dlm.op.math.Neg;
import java.util.List;
import java.util.Optional;

/**
 * Laws of maximum, minimum, absolute value and floor. All keep every bit.
 *
 * <ul>
 *   <li>{@code max(c, x) → max(x, c)}, c uniform and x not; so for min
 *   <li>{@code max(x, x) → x}; so for min
 *   <li>{@code max(x, −∞) → x}, {@code min(x, ∞) → x}
 *   <li>{@code max(max(x, c), d) → max(x, max(c, d))}, c and d uniform; so for min
 *   <li>{@code abs abs x → abs x}, {@code abs neg x → abs x}, {@code floor floor x → floor x}
 * </ul>
 */
final class ExtremeRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("max(c, x) → max(x, c)", Max.class, ExtremeRules::constantLast),
          new RewriteRule<>("min(c, x) → min(x, c)", Min.class, ExtremeRules::constantLast),
          new RewriteRule<>("max(x, x) → x", Max.class, ExtremeRules::ofItself),
          new RewriteRule<>("min(x, x) → x", Min.class, ExtremeRules::ofItself),
          new RewriteRule<>("max(x, −∞) → x", Max.class, ExtremeRules::neutral),
          new RewriteRule<>("min(x, ∞) → x", Min.class, ExtremeRules::neutral),
          new RewriteRule<>("max(max(x, c), d)", Max.class, ExtremeRules::mergeConstants),
          new RewriteRule<>("min(min(x, c), d)", Min.class, ExtremeRules::mergeConstants),
          new RewriteRule<>("abs abs x → abs x", Abs.class, ExtremeRules::absoluteTwice),
          new RewriteRule<>("abs neg x → abs x", Abs.class, ExtremeRules::absoluteOfNegated),
          new RewriteRule<>("floor floor x → floor x", Floor.class, ExtremeRules::floorTwice));

  private ExtremeRules() {}

  private static Optional<Value> constantLast(ElementwiseOp op, Node node, RewriteScope scope) {
    return Operands.isConstantFirst(node, scope)
        ? Optional.of(scope.builder().one(op, node.operand(1), node.operand(0)))
        : Optional.empty();
  }

  private static Optional<Value> ofItself(ElementwiseOp op, Node node, RewriteScope scope) {
    return Operands.areSame(node) ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> neutral(ElementwiseOp op, Node node, RewriteScope scope) {
    double identity = op instanceof Max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    boolean holds = node.result().dtype().isFloat() && scope.isUniformly(node.operand(1), identity);
    return holds ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> mergeConstants(ElementwiseOp op, Node node, RewriteScope scope) {
    Optional<HostTensor> outer = scope.uniform(node.operand(1));
    if (outer.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> inside = scope.producer(node.operand(0), op.getClass());
    Optional<HostTensor> inner = inside.flatMap(found -> scope.uniform(found.operand(1)));
    return inner.map(scalar -> {
      Value x = inside.get().operand(0);
      EvalContext both = new EvalContext(List.of(scalar, outer.get()), List.of(scalar.type()));
      Value merged = scope.builder().constant(op.evaluate(both).get(0));
      return scope.builder().one(op, x, scope.builder().broadcastTo(merged, x.shape()));
    });
  }

  private static Optional<Value> absoluteTwice(Abs op, Node node, RewriteScope scope) {
    return scope.producer(node.operand(0), Abs.class).map(Node::result);
  }

  private static Optional<Value> absoluteOfNegated(Abs op, Node node, RewriteScope scope) {
    return scope.operandOf(Neg.class, node.operand(0)).map(x -> scope.builder().abs(x));
  }

  private static Optional<Value> floorTwice(Floor op, Node node, RewriteScope scope) {
    return scope.producer(node.operand(0), Floor.class).map(Node::result);
  }
}
