package dev.dlm.compiler.fuse;

import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which loop nodes share a loop. Walks the body in order; each loop node joins the clusters
 * of the values it uses where it can compute in their iteration space at the same place, and where
 * the union is still without cycles; or becomes the epilogue of the contraction that only it uses;
 * or starts a cluster of its own.
 */
final class Clustering {
  private final BodyIndex index;
  private final @Nullable Cluster[] clusterOf;
  private final Map<Integer, List<Use>> uses = new HashMap<>();

  Clustering(BodyIndex index) {
    this.index = index;
    this.clusterOf = new Cluster[index.body().nodes().size()];
    for (int node = 0; node < clusterOf.length; node++) {
      if (index.isLoopNode(node)) {
        place(node);
      }
    }
    for (int node = 0; node < clusterOf.length; node++) {
      if (index.isLive(node) && index.kind(node) == NodeKind.CONTRACTION) {
        extendEpilogue(node);
      }
    }
  }

  /** The cluster of a node; also of a contraction that has an epilogue. */
  @Nullable Cluster clusterOf(int node) {
    return clusterOf[node];
  }

  /**
   * What a loop node uses: a value and how its coordinates follow from the node's space.
   *
   * @param fromMemory whether it must be loaded, because coordinates may lie outside of it
   */
  private record Use(Value value, List<AffineIndex> map, boolean fromMemory) {}

  private void place(int node) {
    Shape space = spaceOf(node);
    List<Use> uses = usesOf(node);
    Cluster cluster = new Cluster(space);
    if (index.node(node).op() instanceof Reduce reduce && index.kind(node) == NodeKind.REDUCE) {
      cluster.foldedAxes = reduce.axes();
      cluster.rowNodes.add(node);
    }
    cluster.nodes.add(node);
    if (index.kind(node) == NodeKind.COMPUTE && becomesEpilogue(node, cluster, uses)) {
      assign(cluster);
      return;
    }
    if (index.kind(node) != NodeKind.FREE) {
      for (Cluster candidate : candidates(uses)) {
        Cluster joined =
            candidate.contraction == null ? join(node, cluster, candidate, uses) : null;
        cluster = joined == null ? cluster : joined;
      }
    }
    assign(cluster);
  }

  private void assign(Cluster cluster) {
    for (int member : cluster.atom()) {
      clusterOf[member] = cluster;
    }
  }

  private Shape spaceOf(int node) {
    Node it = index.node(node);
    return index.kind(node) == NodeKind.REDUCE ? it.operand(0).shape() : it.result().shape();
  }

  private List<Use> usesOf(int node) {
    return uses.computeIfAbsent(node, this::findUses);
  }

  /** Follows operands through free nodes to values that are computed or lie in memory. */
  private List<Use> findUses(int node) {
    Shape space = spaceOf(node);
    List<Use> found = new ArrayList<>();
    Deque<Use> pending = new ArrayDeque<>();
    Node it = index.node(node);
    List<AffineIndex> identity = AffineIndex.identity(space.rank());
    if (index.kind(node) == NodeKind.FREE) {
      follow(it, identity, space.rank(), pending);
    } else {
      it.operands().forEach(operand -> pending.add(new Use(operand, identity, false)));
    }
    while (!pending.isEmpty()) {
      Use use = pending.removeFirst();
      Node producer = index.producerOf(use.value());
      if (!use.fromMemory()
          && producer != null
          && index.kindOfProducer(use.value()) == NodeKind.FREE) {
        follow(producer, use.map(), space.rank(), pending);
      } else if (!found.contains(use)) {
        found.add(use);
      }
    }
    return found;
  }

  private static void follow(Node free, List<AffineIndex> map, int rank, Deque<Use> pending) {
    if (!free.operands().isEmpty()) {
      Sources.Source source = Sources.through(free, map, rank);
      pending.add(new Use(source.value(), source.map(), free.op() instanceof Pad));
    }
  }

  /** The clusters of the values used, the latest first. */
  private List<Cluster> candidates(List<Use> uses) {
    Map<Integer, Cluster> byLastNode = new LinkedHashMap<>();
    TreeSet<Integer> order = new TreeSet<>();
    for (Use use : uses) {
      Cluster cluster = clusterOfValue(use.value());
      if (cluster != null) {
        byLastNode.put(cluster.nodes.last(), cluster);
        order.add(cluster.nodes.last());
      }
    }
    return order.descendingSet().stream().map(byLastNode::get).toList();
  }

  private @Nullable Cluster clusterOfValue(Value value) {
    Integer producer = index.producerIndex(value);
    return producer == null ? null : clusterOf[producer];
  }

  /** The union of what the node is in so far and a candidate, if the node can compute there. */
  private @Nullable Cluster join(int node, Cluster current, Cluster candidate, List<Use> uses) {
    Cluster union;
    boolean atRowLevel = false;
    if (current.suits(candidate)) {
      union = new Cluster(candidate.domain);
    } else if (isRowNodeOf(node, current, candidate)) {
      union = new Cluster(candidate.domain);
      atRowLevel = true;
    } else {
      return null;
    }
    union.absorb(candidate);
    union.absorb(current);
    if (atRowLevel) {
      union.rowNodes.add(node);
    }
    return isInPlace(union) && isAcyclic(union.atom()) ? union : null;
  }

  /** Whether a node that is alone so far has the shape of the candidate's rows. */
  private boolean isRowNodeOf(int node, Cluster current, Cluster candidate) {
    return index.kind(node) == NodeKind.COMPUTE
        && current.nodes.size() == 1
        && candidate.hasFolds()
        && candidate.nodes.size() < Cluster.MAX_NODES
        && candidate.rowShape().equals(current.domain);
  }

  /** Whether every node of a cluster uses other nodes of it at its own place only. */
  private boolean isInPlace(Cluster cluster) {
    for (int node : cluster.nodes) {
      boolean atRowLevel = cluster.rowNodes.contains(node) && index.kind(node) == NodeKind.COMPUTE;
      for (Use use : usesOf(node)) {
        Integer producer = index.producerIndex(use.value());
        if (producer != null && cluster.atom().contains(producer)) {
          boolean usedAtRowLevel = cluster.rowNodes.contains(producer);
          List<AffineIndex> wanted;
          if (atRowLevel) {
            wanted = usedAtRowLevel ? AffineIndex.identity(cluster.rowShape().rank()) : null;
          } else {
            wanted =
                usedAtRowLevel ? cluster.rowMap() : AffineIndex.identity(cluster.domain.rank());
          }
          if (use.fromMemory() || !use.map().equals(wanted)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /**
   * Makes the node the last one of an epilogue: of a contraction whose result only it uses, or of a
   * cluster that is an epilogue already and whose last value only it uses. Clusters that serve
   * nothing but this epilogue come along.
   */
  private boolean becomesEpilogue(int node, Cluster cluster, List<Use> uses) {
    Use host = null;
    for (Use use : uses) {
      if (isEpilogueHost(use, node, cluster) && (host == null || hostOf(use) > hostOf(host))) {
        host = use;
      }
    }
    if (host == null) {
      return false;
    }
    Cluster before = clusterOfValue(host.value());
    if (before != null) {
      cluster.absorb(before);
    } else {
      cluster.contraction = index.producerIndex(host.value());
    }
    if (cluster.nodes.size() > Cluster.MAX_NODES
        || !isInPlace(cluster)
        || !isAcyclic(cluster.atom())) {
      return false;
    }
    for (Cluster candidate : candidates(uses)) {
      if (candidate.contraction == null && !candidate.hasFolds() && cluster.suits(candidate)) {
        Cluster union = new Cluster(cluster.domain);
        union.absorb(cluster);
        union.absorb(candidate);
        if (servesOnly(candidate, union.nodes) && isInPlace(union) && isAcyclic(union.atom())) {
          cluster.absorb(candidate);
        }
      }
    }
    return true;
  }

  /**
   * Lets whole clusters follow a contraction and its epilogue: each that is alone in using the last
   * value, however often, as {@code gelu} does, and that leaves one value of the same type.
   */
  private void extendEpilogue(int contraction) {
    while (true) {
      Cluster epilogue = clusterOf[contraction];
      Value last = index.node(epilogue == null ? contraction : epilogue.nodes.last()).result();
      Cluster next = soleUser(last);
      if (next == null || !leavesOnlyItsLast(next, last.type())) {
        return;
      }
      Cluster union = new Cluster(next.domain);
      union.contraction = contraction;
      if (epilogue != null) {
        union.absorb(epilogue);
      }
      union.absorb(next);
      if (union.nodes.size() > Cluster.MAX_NODES || !isInPlace(union) || !isAcyclic(union.atom())) {
        return;
      }
      assign(union);
    }
  }

  /** The plain loop that all uses of a value are in, if it uses each element at its own place. */
  private @Nullable Cluster soleUser(Value value) {
    List<Integer> users = index.users(value);
    if (users.isEmpty() || index.isDemanded(value)) {
      return null;
    }
    Cluster cluster = clusterOf[users.getFirst()];
    if (cluster == null
        || cluster.contraction != null
        || cluster.hasFolds()
        || !cluster.nodes.containsAll(users)
        || !cluster.domain.dims().equals(value.shape().dims())) {
      return null;
    }
    List<AffineIndex> identity = AffineIndex.identity(cluster.domain.rank());
    boolean inPlace =
        users.stream()
            .flatMap(user -> usesOf(user).stream())
            .filter(use -> use.value().equals(value))
            .allMatch(use -> !use.fromMemory() && use.map().equals(identity));
    return inPlace ? cluster : null;
  }

  /** Whether of a cluster's values just the last is used elsewhere, and is of a type. */
  private boolean leavesOnlyItsLast(Cluster cluster, TensorType type) {
    int last = cluster.nodes.last();
    return index.node(last).result().type().equals(type)
        && cluster.nodes.headSet(last).stream()
            .map(member -> index.node(member).result())
            .allMatch(
                value -> !index.isDemanded(value) && cluster.nodes.containsAll(index.users(value)));
  }

  private boolean isEpilogueHost(Use use, int node, Cluster cluster) {
    Value value = use.value();
    Integer producer = index.producerIndex(value);
    if (producer == null
        || use.fromMemory()
        || index.isDemanded(value)
        || !index.users(value).equals(List.of(node))) {
      return false;
    }
    Cluster before = clusterOf[producer];
    boolean hosts =
        before == null ? index.kind(producer) == NodeKind.CONTRACTION : before.contraction != null;
    return hosts
        && value.type().equals(index.node(node).result().type())
        && use.map().equals(AffineIndex.identity(cluster.domain.rank()));
  }

  private int hostOf(Use use) {
    Cluster before = clusterOfValue(use.value());
    Integer contraction = before == null ? index.producerIndex(use.value()) : before.contraction;
    return contraction == null ? -1 : contraction;
  }

  private boolean servesOnly(Cluster candidate, NavigableSet<Integer> nodes) {
    return candidate.nodes.stream()
        .map(member -> index.node(member).result())
        .allMatch(value -> !index.isDemanded(value) && nodes.containsAll(index.users(value)));
  }

  /**
   * Whether nothing outside of the given nodes both needs one of them and is needed by one, and
   * none needs another one in memory. Nodes stand after what they need, so only units that reach
   * behind the first of them matter.
   */
  private boolean isAcyclic(NavigableSet<Integer> atom) {
    Deque<Integer> pending = new ArrayDeque<>();
    BitSet seen = new BitSet();
    for (int member : atom) {
      for (BodyIndex.Need need : index.needs(member)) {
        if (!atom.contains(need.node())) {
          push(need.node(), atom, pending, seen);
        } else if (need.inMemory() && !isHostOf(need.node(), member)) {
          return false;
        }
      }
    }
    while (!pending.isEmpty()) {
      int node = pending.removeLast();
      if (atom.contains(node)) {
        return false;
      }
      Cluster cluster = clusterOf[node];
      Set<Integer> unit = cluster == null ? Set.of(node) : cluster.atom();
      unit.forEach(
          member -> index.needs(member).forEach(need -> push(need.node(), atom, pending, seen)));
    }
    return true;
  }

  /** Whether a node is a contraction whose result a loop node takes as its epilogue. */
  private boolean isHostOf(int contraction, int member) {
    return index.kind(contraction) == NodeKind.CONTRACTION && index.isLoopNode(member);
  }

  private void push(int node, NavigableSet<Integer> atom, Deque<Integer> pending, BitSet seen) {
    Cluster cluster = clusterOf[node];
    boolean reaches =
        node >= atom.first() || (cluster != null && cluster.atom().last() >= atom.first());
    if (reaches && !seen.get(node)) {
      seen.set(node);
      pending.add(node);
    }
  }
}
