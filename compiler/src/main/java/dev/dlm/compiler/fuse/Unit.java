package dev.dlm.compiler.fuse;

import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import java.util.List;
import java.util.Optional;

/** A part of a body that becomes one step. */
public sealed interface Unit {

  /**
   * A fused loop.
   *
   * @param nodes the nodes computed, in body order
   * @param domain the shape of the iteration space
   * @param foldedAxes axes of the domain that reductions fold away; empty if there are none
   * @param results the values that others need, in body order
   */
  record Loop(List<Node> nodes, Shape domain, List<Integer> foldedAxes, List<Value> results)
      implements Unit {
    public Loop {
      nodes = List.copyOf(nodes);
      foldedAxes = List.copyOf(foldedAxes);
      results = List.copyOf(results);
    }
  }

  /**
   * A kernel of its own.
   *
   * @param epilogue a loop over the shape of the node's result, which it reads, with one result of
   *     the same type
   */
  record Single(Node node, Optional<Loop> epilogue) implements Unit {}
}
