package dev.dlm.compiler.fuse;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.Dot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How a node takes part in fusion. */
enum NodeKind {
  /** Computes an element from elements at the same place; fuses into loops. */
  COMPUTE,
  /** Folds axes away; fuses into loops over rows and columns. */
  REDUCE,
  /** Only renames coordinates, or needs no operand: costs nothing inside a loop. */
  FREE,
  /** The same bytes under another shape. */
  VIEW,
  /** A tensor of the program that is not one repeated number. */
  CONSTANT,
  /** A contraction: a kernel of its own that can take an epilogue. */
  CONTRACTION,
  /** Any other kernel of its own. */
  OPAQUE;

  /**
   * The kind of a node.
   *
   * @param producer who made a value; empty for parameters
   */
  static NodeKind of(Node node, Function<Value, Optional<Node>> producer) {
    return switch (node.op()) {
      case ElementwiseOp op -> COMPUTE;
      case Reduce reduce -> reduce.axes().isEmpty() ? FREE : REDUCE;
      case Broadcast op -> FREE;
      case Transpose op -> FREE;
      case Slice op -> FREE;
      case Reverse op -> FREE;
      case Iota op -> FREE;
      case Size op -> FREE;
      case StopGradient op -> FREE;
      case Pad pad -> isFree(pad, node, producer) ? FREE : OPAQUE;
      case Reshape reshape ->
          changesUnitAxesOnly(node.operand(0).shape(), reshape.shape()) ? FREE : VIEW;
      case Constant constant ->
          constant.value().count() > 0 && constant.value().isUniform() ? FREE : CONSTANT;
      case Dot op -> CONTRACTION;
      case Convolution op -> CONTRACTION;
      case ConvolutionInputGradient op -> CONTRACTION;
      default -> OPAQUE;
    };
  }

  /** A padding that does not spread elements and pads with a constant is a load with bounds. */
  private static boolean isFree(Pad pad, Node node, Function<Value, Optional<Node>> producer) {
    boolean constant =
        producer.apply(node.operand(1)).filter(by -> by.op() instanceof Constant).isPresent();
    return constant && pad.interior().stream().allMatch(spread -> spread == 0);
  }

  private static boolean changesUnitAxesOnly(Shape a, Shape b) {
    return withoutUnits(a).equals(withoutUnits(b));
  }

  private static List<Dim> withoutUnits(Shape shape) {
    return shape.dims().stream().filter(dim -> !dim.is(1)).toList();
  }
}
