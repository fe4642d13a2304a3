package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Reduce;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Laws of reductions.
 *
 * <ul>
 *   <li>{@code reduce x over axes of size 1 or none → reshape x}; a floating-point sum only where
 *       {@code x} is never −0, since a sum begins at 0
 *   <li>{@code reduce (reduce x) → reduce x} of one kind, not for sums and products, whose order
 *       would change
 *   <li>{@code max (broadcast x) → broadcast (max x)} where each new axis that is reduced has a
 *       constant size of at least 1; so for min, any, all, and for products where no new axis is
 *       reduced
 *   <li>{@code sum (broadcast x) → broadcast (sum x * n)}, {@code n} the number of repetitions,
 *       where {@code n} is a constant of at least 1 that the element type holds, or {@code x} is a
 *       finite constant
 * </ul>
 *
 * <p>The last law may change bits of floating-point results: the product is rounded once, no less
 * exact than any order of adding, and −0 where the sum of negative zeros would be 0. All others
 * keep every bit.
 */
final class ReduceRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("reduce over axes of size 1", Reduce.class, ReduceRules::toReshape),
          new RewriteRule<>("reduce (reduce x) → reduce x", Reduce.class, ReduceRules::merge),
          new RewriteRule<>("reduce (broadcast x)", Reduce.class, ReduceRules::ofBroadcast));

  private ReduceRules() {}

  private static Optional<Value> toReshape(Reduce op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    boolean exact =
        op.kind() != Reduce.Kind.SUM || !x.dtype().isFloat() || SignFacts.isNeverSigned(x, scope);
    boolean holds = exact && op.axes().stream().allMatch(axis -> x.dim(axis).is(1));
    return holds
        ? Optional.of(scope.builder().reshape(x, node.result().shape()))
        : Optional.empty();
  }

  private static Optional<Value> merge(Reduce op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Reduce.class);
    if (op.kind() == Reduce.Kind.SUM
        || op.kind() == Reduce.Kind.PRODUCT
        || inner.isEmpty()
        || !(inner.get().op() instanceof Reduce first)
        || first.kind() != op.kind()) {
      return Optional.empty();
    }
    Value x = inner.get().operand(0);
    List<Integer> kept = kept(x.rank(), first.axes());
    List<Integer> axes = new ArrayList<>(first.axes());
    op.axes().forEach(axis -> axes.add(kept.get(axis)));
    return Optional.of(scope.builder().reduce(op.kind(), x, axes.stream().sorted().toList()));
  }

  private static Optional<Value> ofBroadcast(Reduce op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Broadcast.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    Value x = inner.get().operand(0);
    Dim repetitions = Dim.ONE;
    for (int axis : op.axes()) {
      if (!broadcast.axes().contains(axis)) {
        repetitions = repetitions.times(broadcast.shape().dim(axis));
      }
    }
    BodyBuilder b = scope.builder();
    if (op.kind() == Reduce.Kind.SUM) {
      Dim count = repetitions;
      return isExactFactor(count, x, scope)
          ? Optional.of(
              restore(
                  op,
                  broadcast,
                  node,
                  scope,
                  sum -> count.is(1) ? sum : b.mul(sum, b.size(count, sum.dtype()))))
          : Optional.empty();
    }
    if (op.kind() == Reduce.Kind.PRODUCT && !repetitions.is(1)) {
      return Optional.empty();
    }
    boolean someElements = repetitions.isConstant() && repetitions.asLong() >= 1;
    return someElements
        ? Optional.of(restore(op, broadcast, node, scope, reduced -> reduced))
        : Optional.empty();
  }

  /**
   * Whether {@code count} equal summands may become one product: of no summands the sum is 0 even
   * where a summand is infinite or NaN.
   */
  private static boolean isExactFactor(Dim count, Value x, RewriteScope scope) {
    DType dtype = x.dtype();
    if (count.isConstant()) {
      long n = count.asLong();
      return n >= 1 && (dtype.isFloat() ? dtype.round(n) == n : dtype.wrap(n) == n);
    }
    boolean finite =
        scope.uniform(x).filter(scalar -> Double.isFinite(scalar.doubleAt(0))).isPresent();
    return finite && (dtype == DType.F64 || dtype == DType.F32);
  }

  /** Reduces what was there before the broadcast, changes it, and broadcasts to the result. */
  private static Value restore(
      Reduce op, Broadcast broadcast, Node node, RewriteScope scope, UnaryOperator<Value> change) {
    BodyBuilder b = scope.builder();
    Value x = scope.producer(node.operand(0)).orElseThrow().operand(0);
    List<Integer> keptInResult = kept(broadcast.shape().rank(), op.axes());
    List<Integer> reduced = new ArrayList<>();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (op.axes().contains(broadcast.axes().get(i))) {
        reduced.add(i);
      } else {
        axes.add(keptInResult.indexOf(broadcast.axes().get(i)));
      }
    }
    Value rest = change.apply(reduced.isEmpty() ? x : b.reduce(op.kind(), x, reduced));
    return axes.size() == node.result().rank()
        ? rest
        : b.broadcast(rest, node.result().shape(), axes);
  }

  private static List<Integer> kept(int rank, List<Integer> axes) {
    return IntStream.range(0, rank).filter(axis -> !axes.contains(axis)).boxed().toList();
  }
}
