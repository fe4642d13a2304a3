package dev.dlm.compiler.fuse;

import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.meta.StopGradient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts about a body that fusion asks for again and again: producers, kinds, which values must
 * exist in memory because something other than a loop reads them, and which loop nodes use which
 * values through free nodes. Immutable after construction.
 */
final class BodyIndex {
  private final Body body;
  private final @Nullable Integer[] producers;
  private final List<NodeKind> kinds = new ArrayList<>();
  private final BitSet demanded = new BitSet();
  private final BitSet live = new BitSet();
  private final List<List<Integer>> users = new ArrayList<>();

  BodyIndex(Body body) {
    this.body = body;
    this.producers = new Integer[body.countValues()];
    for (int i = 0; i < body.nodes().size(); i++) {
      Node node = body.nodes().get(i);
      for (Value result : node.results()) {
        producers[result.id()] = i;
      }
      kinds.add(NodeKind.of(node, value -> Optional.ofNullable(producerOf(value))));
    }
    for (int id = 0; id < body.countValues(); id++) {
      users.add(new ArrayList<>());
    }
    findLive();
    findDemanded();
    findUsers();
  }

  private void findLive() {
    BitSet needed = new BitSet();
    body.results().forEach(value -> needed.set(value.id()));
    for (int i = body.nodes().size() - 1; i >= 0; i--) {
      Node node = body.nodes().get(i);
      if (node.results().stream().anyMatch(value -> needed.get(value.id()))) {
        live.set(i);
        node.operands().forEach(value -> needed.set(value.id()));
      }
    }
  }

  private void findDemanded() {
    body.results().forEach(value -> demanded.set(value.id()));
    for (int i = body.nodes().size() - 1; i >= 0; i--) {
      Node node = body.nodes().get(i);
      if (!live.get(i)) {
        continue;
      }
      switch (kinds.get(i)) {
        case VIEW, CONTRACTION, OPAQUE ->
            node.operands().forEach(value -> demanded.set(value.id()));
        case FREE -> {
          if (node.op() instanceof Pad || (isAlias(node) && isDemanded(node.result()))) {
            demanded.set(node.operand(0).id());
          }
        }
        case COMPUTE, REDUCE, CONSTANT -> {}
      }
    }
  }

  /**
   * Whether the result of a free node is its operand's bytes, so that no copy is needed where it
   * must exist in memory.
   */
  private static boolean isAlias(Node node) {
    return node.op() instanceof Reshape || node.op() instanceof StopGradient;
  }

  private void findUsers() {
    for (int i = 0; i < body.nodes().size(); i++) {
      if (isLoopNode(i)) {
        for (Value operand : body.nodes().get(i).operands()) {
          addUser(operand, i);
        }
      }
    }
  }

  private void addUser(Value operand, int user) {
    List<Value> pending = new ArrayList<>(List.of(operand));
    while (!pending.isEmpty()) {
      Value value = pending.removeLast();
      List<Integer> known = users.get(value.id());
      if (known.isEmpty() || known.getLast() != user) {
        known.add(user);
        Integer producer = producers[value.id()];
        if (producer != null && kinds.get(producer) == NodeKind.FREE) {
          pending.addAll(body.nodes().get(producer).operands());
        }
      }
    }
  }

  Body body() {
    return body;
  }

  Node node(int index) {
    return body.nodes().get(index);
  }

  NodeKind kind(int index) {
    return kinds.get(index);
  }

  /** The number of the node that made a value; empty for parameters. */
  @Nullable Integer producerIndex(Value value) {
    return producers[value.id()];
  }

  @Nullable Node producerOf(Value value) {
    Integer index = producers[value.id()];
    return index == null ? null : body.nodes().get(index);
  }

  /** The kind of the node that made a value; empty for parameters. */
  @Nullable NodeKind kindOfProducer(Value value) {
    Integer index = producers[value.id()];
    return index == null ? null : kinds.get(index);
  }

  /** Whether something other than a loop reads the value, so that it must exist in memory. */
  boolean isDemanded(Value value) {
    return demanded.get(value.id());
  }

  /** Whether a result of the body depends on a node. */
  boolean isLive(int index) {
    return live.get(index);
  }

  /**
   * Whether a node runs inside a loop: it computes, reduces, or is a free node whose result is
   * demanded.
   */
  boolean isLoopNode(int index) {
    return isLive(index)
        && switch (kinds.get(index)) {
          case COMPUTE, REDUCE -> true;
          case FREE ->
              isDemanded(node(index).result())
                  && !(node(index).op() instanceof Constant)
                  && !isAlias(node(index));
          case VIEW, CONSTANT, CONTRACTION, OPAQUE -> false;
        };
  }

  /** The loop nodes that use a value, directly or through free nodes, ascending. */
  List<Integer> users(Value value) {
    return users.get(value.id());
  }

  /**
   * What a node needs of another node that is no free node, or is a free node whose result lies in
   * memory.
   *
   * @param inMemory whether the result must lie in memory before the node runs; otherwise a loop
   *     may compute it on the way
   */
  record Need(int node, boolean inMemory) {}

  /** What a node needs, seen through the free nodes that a loop computes on the way. */
  Set<Need> needs(int node) {
    Set<Need> needs = new LinkedHashSet<>();
    Set<Need> seen = new HashSet<>();
    Deque<Need> pending = new ArrayDeque<>();
    pushNeeds(node, !isLoopNode(node), pending);
    while (!pending.isEmpty()) {
      Need need = pending.removeFirst();
      if (!seen.add(need)) {
        continue;
      }
      boolean isAliasInMemory = need.inMemory() && isAlias(node(need.node()));
      if (kind(need.node()) == NodeKind.FREE && (!need.inMemory() || isAliasInMemory)) {
        pushNeeds(need.node(), need.inMemory() || node(need.node()).op() instanceof Pad, pending);
      } else {
        needs.add(need);
      }
    }
    return needs;
  }

  private void pushNeeds(int node, boolean inMemory, Deque<Need> pending) {
    for (Value operand : node(node).operands()) {
      Integer producer = producerIndex(operand);
      if (producer != null) {
        pending.add(new Need(producer, inMemory || !canBeInLoop(producer)));
      }
    }
  }

  private boolean canBeInLoop(int node) {
    return switch (kinds.get(node)) {
      case COMPUTE, REDUCE, FREE -> true;
      case VIEW, CONSTANT, CONTRACTION, OPAQUE -> false;
    };
  }
}
