package dev.dlm.samples.op;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.InferContext;
import java.util.List;

/**
 * The squared distance of each row of {@code x: F[B, N]} from each row of {@code y: F[C, N]}:
 * {@code d[b, c] = factor · Σ_n (x[b, n] − y[c, n])²}, of type {@code F[B, C]}.
 *
 * <p>(C1) two operands; (C2) both are matrices of one floating-point type; (C3) their rows are of
 * one length.
 *
 * @param factor what the sums are multiplied by
 */
public record SquareDistance(double factor) implements CompositeOp {
  @Override
  public void check(InferContext context) {
    context.checkCount(2);
    context.checkDType(
        "C2", context.checkSameDType("C2", 0).isFloat(), "takes floats, not " + context.in(0));
    for (int i = 0; i < 2; i++) {
      context.check("C2", context.in(i).rank() == 2, "takes matrices, not " + context.in(i));
    }
    context.checkEqual("C3", context.in(0).dim(1), context.in(1).dim(1), "row lengths differ");
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    Value x = operands.get(0);
    Value y = operands.get(1);
    Shape all = Shape.of(x.dim(0), y.dim(0), x.dim(1));
    Value difference =
        b.sub(b.broadcast(x, all, List.of(0, 2)), b.broadcast(y, all, List.of(1, 2)));
    return List.of(b.mul(b.sum(b.mul(difference, difference), List.of(2)), factor));
  }
}
