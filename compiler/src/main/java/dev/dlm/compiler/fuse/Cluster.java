package dev.dlm.compiler.fuse;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Loop nodes that are to become one step, while fusion is still deciding. All run over one
 * iteration space, the domain; nodes at row level run once for each combination of the axes that
 * are not folded. Mutable, private to {@link Clustering}.
 */
final class Cluster {
  /** More nodes than this in one loop bring nothing and make generated methods long. */
  static final int MAX_NODES = 64;

  final NavigableSet<Integer> nodes = new TreeSet<>();
  final Set<Integer> rowNodes = new TreeSet<>();
  final Shape domain;
  List<Integer> foldedAxes = List.of();

  /** The contraction whose epilogue this cluster is. */
  @Nullable Integer contraction;

  Cluster(Shape domain) {
    this.domain = domain;
  }

  boolean hasFolds() {
    return !foldedAxes.isEmpty();
  }

  Shape rowShape() {
    return domain.without(foldedAxes);
  }

  /** The coordinates of a value at row level, over the domain. */
  List<AffineIndex> rowMap() {
    List<AffineIndex> map = new ArrayList<>();
    for (int axis = 0; axis < domain.rank(); axis++) {
      if (!foldedAxes.contains(axis)) {
        map.add(AffineIndex.ofAxis(axis, domain.rank()));
      }
    }
    return map;
  }

  /** The nodes, and the contraction if there is one. */
  NavigableSet<Integer> atom() {
    NavigableSet<Integer> atom = new TreeSet<>(nodes);
    if (contraction != null) {
      atom.add(contraction);
    }
    return atom;
  }

  void absorb(Cluster other) {
    nodes.addAll(other.nodes);
    rowNodes.addAll(other.rowNodes);
    if (other.hasFolds()) {
      foldedAxes = other.foldedAxes;
    }
    if (other.contraction != null) {
      contraction = other.contraction;
    }
  }

  /** Whether two clusters can share one domain. */
  boolean suits(Cluster other) {
    List<Dim> dims = domain.dims();
    return dims.equals(other.domain.dims())
        && (!hasFolds() || !other.hasFolds() || foldedAxes.equals(other.foldedAxes))
        && nodes.size() + other.nodes.size() < MAX_NODES;
  }
}
