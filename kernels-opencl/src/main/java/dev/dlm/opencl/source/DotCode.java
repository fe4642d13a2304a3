package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.Dot;
import dev.dlm.opencl.source.Contraction.Linear;
import dev.dlm.opencl.source.Contraction.Operand;
import dev.dlm.opencl.source.Contraction.Part;
import dev.dlm.plan.Step;
import java.util.List;

/** {@link Dot} as a {@link Contraction}. */
final class DotCode {
  private DotCode() {}

  static Contraction of(Dot dot, Step step) {
    TensorType left = step.operand(0).type();
    TensorType right = step.operand(1).type();
    List<Integer> leftFree = dot.leftFree(left.rank());
    List<Integer> rightFree = dot.rightFree(right.rank());
    List<List<Dim>> axes =
        List.of(
            sizes(left, dot.leftBatch()),
            sizes(left, leftFree),
            sizes(right, rightFree),
            sizes(left, dot.leftContracting()));
    Linear zeros = Contraction.zeros(axes);
    Linear ofLeft = place(zeros, Part.GROUP, left, dot.leftBatch());
    ofLeft = place(ofLeft, Part.ROW, left, leftFree);
    ofLeft = place(ofLeft, Part.DEPTH, left, dot.leftContracting());
    Linear ofRight = place(zeros, Part.GROUP, right, dot.rightBatch());
    ofRight = place(ofRight, Part.COLUMN, right, rightFree);
    ofRight = place(ofRight, Part.DEPTH, right, dot.rightContracting());
    List<Dim> strides = step.writes().get(0).type().shape().strides();
    Linear result = zeros;
    int axis = 0;
    for (Part part : List.of(Part.GROUP, Part.ROW, Part.COLUMN)) {
      for (int i = 0; i < axes.get(part.ordinal()).size(); i++) {
        result = Contraction.set(result, part, i, strides.get(axis++));
      }
    }
    return new Contraction(
            left.dtype(),
            axes,
            new Operand(0, ofLeft, List.of()),
            new Operand(1, ofRight, List.of()),
            result,
            step.reads().size())
        .merged();
  }

  private static List<Dim> sizes(TensorType type, List<Integer> axes) {
    return axes.stream().map(type::dim).toList();
  }

  private static Linear place(Linear form, Part part, TensorType type, List<Integer> axes) {
    Linear placed = form;
    for (int i = 0; i < axes.size(); i++) {
      placed = Contraction.set(placed, part, i, type.shape().strides().get(axes.get(i)));
    }
    return placed;
  }
}
