package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Laws of slices, pads and concatenations. All keep every bit.
 *
 * <ul>
 *   <li>{@code slice of all → x}, {@code pad by nothing → x}, {@code concat of one → x}
 *   <li>{@code slice (slice x) → slice x}, where the inner one has strides 1
 *   <li>{@code slice (broadcast x) → broadcast x}, where only new axes are cut
 *   <li>{@code slice (concat x, y, …) → x}, where it cuts out one operand
 *   <li>{@code slice (pad x) → x}, where it cuts off just what was padded
 *   <li>{@code pad by negative constants → slice}
 *   <li>{@code pad (pad x) → pad x}, where both only add elements of one value around
 *   <li>{@code concat (concat x, y), z → concat x, y, z} along one axis
 * </ul>
 */
final class SliceRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("slice of all → x", Slice.class, SliceRules::dropSlice),
          new RewriteRule<>("slice (slice x) → slice x", Slice.class, SliceRules::mergeSlices),
          new RewriteRule<>("slice (broadcast x)", Slice.class, SliceRules::sliceOfBroadcast),
          new RewriteRule<>("slice (concat x, y) → x", Slice.class, SliceRules::sliceOfConcat),
          new RewriteRule<>("slice (pad x) → x", Slice.class, SliceRules::sliceOfPad),
          new RewriteRule<>("pad by nothing → x", Pad.class, SliceRules::dropPad),
          new RewriteRule<>("pad by negatives → slice", Pad.class, SliceRules::padToSlice),
          new RewriteRule<>("pad (pad x) → pad x", Pad.class, SliceRules::mergePads),
          new RewriteRule<>("concat of one → x", Concat.class, SliceRules::dropConcat),
          new RewriteRule<>("concat (concat x, y), z", Concat.class, SliceRules::mergeConcats));

  private SliceRules() {}

  private static Optional<Value> dropSlice(Slice op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    boolean all =
        op.starts().stream().allMatch(start -> start.is(0))
            && op.strides().stream().allMatch(stride -> stride == 1)
            && op.limits().equals(x.shape().dims());
    return all ? Optional.of(x) : Optional.empty();
  }

  private static Optional<Value> mergeSlices(Slice op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Slice.class);
    if (inner.isEmpty()
        || !(inner.get().op() instanceof Slice first)
        || first.strides().stream().anyMatch(stride -> stride != 1)) {
      return Optional.empty();
    }
    Slice merged =
        new Slice(
            sums(first.starts(), op.starts()), sums(first.starts(), op.limits()), op.strides());
    return Optional.of(scope.builder().one(merged, inner.get().operand(0)));
  }

  private static Optional<Value> sliceOfBroadcast(Slice op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Broadcast.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Broadcast broadcast)) {
      return Optional.empty();
    }
    boolean whole =
        broadcast.axes().stream()
            .allMatch(axis ->
                op.starts().get(axis).is(0)
                    && op.strides().get(axis) == 1
                    && op.limits().get(axis).equals(broadcast.shape().dim(axis)));
    Value x = inner.get().operand(0);
    return whole
        ? Optional.of(scope.builder().broadcast(x, node.result().shape(), broadcast.axes()))
        : Optional.empty();
  }

  private static Optional<Value> sliceOfConcat(Slice op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Concat.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Concat concat)) {
      return Optional.empty();
    }
    Dim start = Dim.ZERO;
    for (Value part : inner.get().operands()) {
      Dim limit = start.plus(part.dim(concat.axis()));
      List<Dim> starts = new ArrayList<>(Collections.nCopies(part.rank(), Dim.ZERO));
      List<Dim> limits = new ArrayList<>(node.operand(0).shape().dims());
      starts.set(concat.axis(), start);
      limits.set(concat.axis(), limit);
      if (op.equals(new Slice(starts, limits, Collections.nCopies(part.rank(), 1L)))) {
        return Optional.of(part);
      }
      start = limit;
    }
    return Optional.empty();
  }

  private static Optional<Value> sliceOfPad(Slice op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Pad.class);
    if (inner.isEmpty() || !(inner.get().op() instanceof Pad pad)) {
      return Optional.empty();
    }
    Value x = inner.get().operand(0);
    // An inner padding that cuts off would have lost elements; a slice may not begin before 0.
    boolean undoes =
        onlyAdds(pad)
            && op.starts().equals(pad.low())
            && op.limits().equals(sums(pad.low(), x.shape().dims()))
            && op.strides().stream().allMatch(stride -> stride == 1);
    return undoes ? Optional.of(x) : Optional.empty();
  }

  private static Optional<Value> dropPad(Pad op, Node node, RewriteScope scope) {
    boolean nothing =
        op.low().stream().allMatch(dim -> dim.is(0))
            && op.high().stream().allMatch(dim -> dim.is(0))
            && op.interior().stream().allMatch(spread -> spread == 0);
    return nothing ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> padToSlice(Pad op, Node node, RewriteScope scope) {
    List<Dim> ends = new ArrayList<>(op.low());
    ends.addAll(op.high());
    boolean cuts =
        ends.stream().allMatch(dim -> dim.isConstant() && dim.asLong() <= 0)
            && op.interior().stream().allMatch(spread -> spread == 0);
    if (!cuts) {
      return Optional.empty();
    }
    Value x = node.operand(0);
    List<Dim> starts = op.low().stream().map(dim -> dim.times(-1)).toList();
    List<Dim> limits = sums(x.shape().dims(), op.high());
    List<Long> strides = Collections.nCopies(x.rank(), 1L);
    return Optional.of(scope.builder().one(new Slice(starts, limits, strides), x));
  }

  private static Optional<Value> mergePads(Pad op, Node node, RewriteScope scope) {
    Optional<Node> inner = scope.producer(node.operand(0), Pad.class);
    if (inner.isEmpty()
        || !(inner.get().op() instanceof Pad first)
        || !inner.get().operand(1).equals(node.operand(1))
        || !onlyAdds(first)
        || !onlyAdds(op)) {
      return Optional.empty();
    }
    Pad merged = new Pad(sums(first.low(), op.low()), sums(first.high(), op.high()), op.interior());
    return Optional.of(scope.builder().one(merged, inner.get().operand(0), node.operand(1)));
  }

  private static boolean onlyAdds(Pad pad) {
    List<Dim> ends = new ArrayList<>(pad.low());
    ends.addAll(pad.high());
    return ends.stream().allMatch(dim -> dim.isProvablyAtLeast(Dim.ZERO))
        && pad.interior().stream().allMatch(spread -> spread == 0);
  }

  private static Optional<Value> dropConcat(Concat op, Node node, RewriteScope scope) {
    return node.operands().size() == 1 ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> mergeConcats(Concat op, Node node, RewriteScope scope) {
    List<Value> parts = new ArrayList<>();
    for (Value operand : node.operands()) {
      Optional<Node> inner = scope.producer(operand).filter(found -> found.op().equals(op));
      inner.ifPresentOrElse(found -> parts.addAll(found.operands()), () -> parts.add(operand));
    }
    return parts.size() > node.operands().size()
        ? Optional.of(scope.builder().concat(parts, op.axis()))
        : Optional.empty();
  }

  private static List<Dim> sums(List<Dim> a, List<Dim> b) {
    List<Dim> sums = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sums.add(a.get(i).plus(b.get(i)));
    }
    return sums;
  }
}
