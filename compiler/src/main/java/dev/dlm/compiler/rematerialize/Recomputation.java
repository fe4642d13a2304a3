package dev.dlm.compiler.rematerialize;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.Op;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.random.RandomBits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** One value to be computed again: what for, from what, and at what cost. Immutable. */
final class Recomputation {
  /** Nodes that are computed again for one value, at most. */
  private static final int MAX_NODES = 48;

  /** A use counts as late if at least so many nodes stand between it and the one before. */
  private static final int LEAST_GAP = 4;

  private final BodyUses uses;
  private final Value value;
  private final int at;
  private final TreeSet<Integer> again;
  private final long operations;

  private Recomputation(
      BodyUses uses, Value value, int at, TreeSet<Integer> again, long operations) {
    this.uses = uses;
    this.value = value;
    this.at = at;
    this.again = again;
    this.operations = operations;
  }

  /** How to do without a value between two uses that are far from each other. */
  static Optional<Recomputation> of(BodyUses uses, Value value) {
    if (uses.isKept(value) || uses.indexOf(value) < 0) {
      return Optional.empty();
    }
    int before = uses.indexOf(value);
    int gap = LEAST_GAP - 1;
    int at = -1;
    for (int use : uses.usesOf(value)) {
      if (use - before > gap) {
        gap = use - before;
        at = use;
      }
      before = use;
    }
    int late = at;
    return at < 0
        ? Optional.empty()
        : nodesFor(uses, value, at)
            .map(again -> new Recomputation(uses, value, late, again, operationsOf(uses, again)));
  }

  /** The nodes to apply again; empty if one of them had better not be. */
  private static Optional<TreeSet<Integer>> nodesFor(BodyUses uses, Value value, int at) {
    TreeSet<Integer> again = new TreeSet<>();
    Deque<Value> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty()) {
      Value next = open.pop();
      int index = uses.indexOf(next);
      boolean known = index < 0 || again.contains(index);
      if (known || (!next.equals(value) && isThere(uses, next, at))) {
        continue;
      }
      Node node = uses.body().nodes().get(index);
      if (!uses.isTransparent(node)) {
        if (!mayRunAgain(node.op()) || again.size() >= MAX_NODES) {
          return Optional.empty();
        }
      }
      again.add(index);
      node.operands().forEach(open::push);
    }
    return Optional.of(again);
  }

  /**
   * Whether the bytes of a value are kept until a use anyway. Vectors are small and made again:
   * behind them, the new nodes would join the old ones' loop.
   */
  private static boolean isThere(BodyUses uses, Value value, int at) {
    return uses.isStored(value)
        && value.rank() > 1
        && (uses.isKept(value) || uses.usesOf(value).ceiling(at) != null);
  }

  private static boolean mayRunAgain(Op op) {
    return op instanceof ElementwiseOp
        || op instanceof Reduce
        || op instanceof ReduceWindow
        || op instanceof RandomBits
        || op instanceof Concat
        || op instanceof Gather
        || op instanceof Dot
        || op instanceof Convolution;
  }

  /** Moving an element counts as an operation. */
  private static long operationsOf(BodyUses uses, TreeSet<Integer> again) {
    long sum = 0;
    for (int index : again) {
      Node node = uses.body().nodes().get(index);
      if (!uses.isTransparent(node)) {
        long moved = uses.size(node.result().shape().count());
        sum += Math.max(moved, uses.size(node.operations()));
      }
    }
    return sum;
  }

  /** Operations on elements that this adds. */
  long operations() {
    return operations;
  }

  /** Operations for each byte of the value. */
  double operationsPerByte() {
    return (double) operations / uses.size(value.type().sizeBytes());
  }

  /** The body with the nodes applied again right before the late use. */
  Body apply() {
    List<Node> nodes = new ArrayList<>(uses.body().nodes().subList(0, at));
    Map<Value, Value> twins = new HashMap<>();
    Map<Value, Value> views = new HashMap<>();
    int[] next = {uses.body().countValues()};
    for (int index : again) {
      copy(uses.body().nodes().get(index), twins, views, nodes, next);
    }
    for (int index = 0; index < at; index++) {
      Node node = uses.body().nodes().get(index);
      boolean follows =
          !again.contains(index)
              && uses.isTransparent(node)
              && node.operands().stream().anyMatch(twins::containsKey)
              && uses.usesOf(node.result()).ceiling(at) != null;
      if (follows) {
        copy(node, twins, views, nodes, next);
      }
    }
    for (Node node : uses.body().nodes().subList(at, uses.body().nodes().size())) {
      nodes.add(
          new Node(
              node.op(),
              node.operands().stream().map(one -> twins.getOrDefault(one, one)).toList(),
              node.results(),
              node.location()));
    }
    return numbered(nodes);
  }

  private void copy(
      Node node, Map<Value, Value> twins, Map<Value, Value> views, List<Node> nodes, int[] next) {
    List<Value> operands = new ArrayList<>();
    for (Value operand : node.operands()) {
      Value twin = twins.getOrDefault(operand, views.get(operand));
      if (twin == null && uses.isStored(operand) && operand.rank() > 1) {
        twin = apart(operand, nodes, next);
        views.put(operand, twin);
      }
      operands.add(twin == null ? operand : twin);
    }
    List<Value> results = new ArrayList<>();
    for (Value result : node.results()) {
      Value twin = new Value(next[0]++, result.type());
      twins.put(result, twin);
      results.add(twin);
    }
    nodes.add(new Node(node.op(), operands, results, node.location()));
  }

  /** The same bytes under another shape and back: no loop reaches across. */
  private static Value apart(Value value, List<Node> nodes, int[] next) {
    Shape flat = Shape.of(value.shape().count());
    Value line = new Value(next[0]++, value.type().withShape(flat));
    Value back = new Value(next[0]++, value.type());
    nodes.add(new Node(new Reshape(flat), List.of(value), List.of(line), Location.UNKNOWN));
    nodes.add(new Node(new Reshape(value.shape()), List.of(line), List.of(back), Location.UNKNOWN));
    return back;
  }

  /** The body of these nodes, values numbered in order, without what nobody needs. */
  private Body numbered(List<Node> nodes) {
    Map<Value, Value> numbers = new HashMap<>();
    uses.body().parameters().forEach(one -> numbers.put(one, one));
    int count = numbers.size();
    List<Node> renamed = new ArrayList<>();
    for (Node node : nodes) {
      List<Value> operands = node.operands().stream().map(numbers::get).toList();
      List<Value> results = new ArrayList<>();
      for (Value result : node.results()) {
        Value number = new Value(count++, result.type());
        numbers.put(result, number);
        results.add(number);
      }
      renamed.add(new Node(node.op(), operands, results, node.location()));
    }
    return LiveNodes.prune(
        new Body(
            uses.body().parameters(),
            renamed,
            uses.body().results().stream().map(numbers::get).toList()));
  }
}
