package dev.dlm.compiler.fuse;

import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts a body into units and orders them so that each stands after what it needs, as close to the
 * order of the body as that allows.
 */
public final class Fusion {
  private final BodyIndex index;
  private final Clustering clustering;
  private final List<Unit> units = new ArrayList<>();

  private Fusion(Body body) {
    this.index = new BodyIndex(body);
    this.clustering = new Clustering(index);
  }

  /** The units of a body in the order in which they can run. */
  public static List<Unit> unitsOf(Body body) {
    Fusion fusion = new Fusion(body);
    fusion.order();
    return List.copyOf(fusion.units);
  }

  /** Depth first over what each unit needs, starting from units in the order of their last node. */
  private void order() {
    Map<Integer, Integer> unitOfNode = new HashMap<>();
    List<Integer> lastNodes = new ArrayList<>();
    for (int node = 0; node < index.body().nodes().size(); node++) {
      List<Integer> members = membersAt(node);
      if (!members.isEmpty()) {
        lastNodes.add(node);
        members.forEach(member -> unitOfNode.put(member, members.getLast()));
      }
    }
    Set<Integer> done = new LinkedHashSet<>();
    Set<Integer> opened = new LinkedHashSet<>();
    for (int start : lastNodes) {
      Deque<Integer> stack = new ArrayDeque<>(List.of(start));
      while (!stack.isEmpty()) {
        int unit = stack.getLast();
        if (done.contains(unit)) {
          stack.removeLast();
        } else if (opened.add(unit)) {
          needs(membersAt(unit), unitOfNode).stream()
              .filter(need -> need != unit && !done.contains(need))
              .forEach(stack::add);
        } else {
          stack.removeLast();
          done.add(unit);
        }
      }
    }
    done.forEach(unit -> units.add(unit(membersAt(unit))));
  }

  /** The members of the unit whose last node this is; empty for other nodes. */
  private List<Integer> membersAt(int node) {
    Cluster cluster = clustering.clusterOf(node);
    if (cluster != null) {
      return cluster.atom().last() == node ? List.copyOf(cluster.atom()) : List.of();
    }
    return switch (index.kind(node)) {
      case CONTRACTION, OPAQUE -> index.isLive(node) ? List.of(node) : List.of();
      case COMPUTE, REDUCE, FREE, VIEW, CONSTANT -> List.of();
    };
  }

  private Set<Integer> needs(List<Integer> members, Map<Integer, Integer> unitOfNode) {
    Set<Integer> needs = new LinkedHashSet<>();
    Set<Integer> seen = new LinkedHashSet<>();
    Deque<Integer> pending = new ArrayDeque<>(members);
    while (!pending.isEmpty()) {
      for (BodyIndex.Need need : index.needs(pending.removeFirst())) {
        Integer unit = unitOfNode.get(need.node());
        if (unit != null) {
          needs.add(unit);
        } else if (seen.add(need.node())) {
          pending.add(need.node());
        }
      }
    }
    return needs;
  }

  private Unit unit(List<Integer> members) {
    Cluster cluster = clustering.clusterOf(members.getLast());
    if (cluster == null) {
      return new Unit.Single(index.node(members.getLast()), Optional.empty());
    }
    List<Node> nodes = cluster.nodes.stream().map(index::node).toList();
    List<Value> results =
        nodes.stream().map(Node::result).filter(value -> isNeededOutside(value, cluster)).toList();
    Unit.Loop loop = new Unit.Loop(nodes, cluster.domain, cluster.foldedAxes, results);
    return cluster.contraction == null
        ? loop
        : new Unit.Single(index.node(cluster.contraction), Optional.of(loop));
  }

  private boolean isNeededOutside(Value value, Cluster cluster) {
    return index.isDemanded(value) || !cluster.nodes.containsAll(index.users(value));
  }
}
