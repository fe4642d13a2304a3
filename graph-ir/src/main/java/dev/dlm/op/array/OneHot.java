package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.InferContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbers of classes as vectors: a new axis of size {@code classes}, along which the element whose
 * index is the label is {@code on} and the others are {@code off}: all of them where the label is
 * no class.
 *
 * <p>(C1) one operand; (C2) it has integers; (C3) {@code axis} is one of the result's. Expands to a
 * comparison with an {@link Iota} and a choice. The gradient is zero: labels are no floats.
 */
public record OneHot(Dim classes, int axis, DType dtype, double on, double off)
    implements CompositeOp {
  @Override
  public void check(InferContext context) {
    context.checkCount(1);
    context.checkDType(
        "C2", context.in(0).dtype().isInteger(), "takes integers, not " + context.in(0));
    context.checkAxis("C3", axis, context.in(0).rank() + 1);
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    Value label = operands.get(0);
    List<Dim> dims = new ArrayList<>(label.shape().dims());
    dims.add(axis, classes);
    Shape shape = new Shape(dims);
    List<Integer> kept =
        IntStream.range(0, dims.size()).filter(other -> other != axis).boxed().toList();
    Value index = b.iota(new TensorType(label.dtype(), shape), axis);
    Value hit = b.equal(b.broadcast(label, shape, kept), index);
    if (on == 1 && off == 0) {
      return List.of(b.cast(hit, dtype));
    }
    TensorType type = new TensorType(dtype, shape);
    return List.of(b.select(hit, b.filled(type, on), b.filled(type, off)));
  }
}
