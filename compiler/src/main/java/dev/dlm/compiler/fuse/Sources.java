package dev.dlm.compiler.fuse;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.meta.StopGradient;
import java.util.ArrayList;
import java.util.List;

/** How free nodes rename coordinates. */
public final class Sources {
  private Sources() {}

  /** A value seen at certain coordinates. */
  public record Source(Value value, List<AffineIndex> map) {
    public Source {
      map = List.copyOf(map);
    }
  }

  /**
   * The operand that a free node with an operand shows at the given coordinates of its result. For
   * a padding these are coordinates that may lie outside of the operand.
   */
  public static Source through(Node node, List<AffineIndex> map, int rank) {
    Value operand = node.operand(0);
    List<AffineIndex> from = new ArrayList<>();
    switch (node.op()) {
      case Broadcast broadcast -> broadcast.axes().forEach(axis -> from.add(map.get(axis)));
      case Transpose transpose -> transpose.inverse().forEach(axis -> from.add(map.get(axis)));
      case Slice slice -> {
        for (int axis = 0; axis < map.size(); axis++) {
          from.add(
              map.get(axis)
                  .times(Dim.of(slice.strides().get(axis)))
                  .plus(slice.starts().get(axis)));
        }
      }
      case Reverse reverse -> {
        for (int axis = 0; axis < map.size(); axis++) {
          AffineIndex index = map.get(axis);
          Dim last = operand.dim(axis).minus(Dim.ONE);
          from.add(reverse.axes().contains(axis) ? index.times(Dim.of(-1)).plus(last) : index);
        }
      }
      case Pad pad -> {
        for (int axis = 0; axis < map.size(); axis++) {
          from.add(map.get(axis).plus(pad.low().get(axis).times(-1)));
        }
      }
      case Reshape reshape -> from.addAll(acrossUnits(operand.shape(), reshape.shape(), map, rank));
      case StopGradient unused -> from.addAll(map);
      case Reduce unused -> from.addAll(map);
      default ->
          throw new IllegalArgumentException(node.op().name() + " is no free node with an operand");
    }
    return new Source(operand, from);
  }

  /** Axes of size 1 come and go; the others correspond in order. */
  private static List<AffineIndex> acrossUnits(
      Shape operand, Shape result, List<AffineIndex> map, int rank) {
    List<AffineIndex> kept = new ArrayList<>();
    for (int axis = 0; axis < result.rank(); axis++) {
      if (!result.dim(axis).is(1)) {
        kept.add(map.get(axis));
      }
    }
    List<AffineIndex> from = new ArrayList<>();
    int next = 0;
    for (Dim dim : operand.dims()) {
      from.add(dim.is(1) ? AffineIndex.zero(rank) : kept.get(next++));
    }
    return from;
  }
}
