package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import java.util.List;

/**
 * Linear quantization of {@code x}: {@code y = saturate(round(x / scale) + zero)} in 8 bits, halves
 * rounded to even, as ONNX {@code QuantizeLinear} defines it; 0 for NaN. Scale and zero point are
 * one number each, or one for each index of an axis. Computed in {@code f32} where {@code x} is
 * narrower.
 *
 * <p>(C1) three operands: x, scale, zero point; (C2) x and scale are of one floating-point type;
 * (C3) {@code dtype} is {@code i8} or {@code u8}, and the zero point's element type; (C4) scale and
 * zero point are scalars where {@code axis} is −1, else vectors as long as that axis of x. The
 * gradients are zero, since integers do not change infinitesimally.
 */
public record Quantize(DType dtype, int axis) implements CompositeOp {
  /** The axis that stands for one scale and zero point in all. */
  public static final int WHOLE = -1;

  @Override
  public void check(InferContext context) {
    context.checkCount(3);
    context.checkDType(
        "C2",
        context.in(0).dtype().isFloat() && context.in(0).dtype() == context.in(1).dtype(),
        context.in(0) + " and its scale " + context.in(1) + " are not of one float type");
    context.checkDType(
        "C3",
        (dtype == DType.I8 || dtype == DType.U8) && context.in(2).dtype() == dtype,
        "gives i8 or u8 with a zero point of that type, not " + dtype + " with " + context.in(2));
    QuantizedAxis.check(context, axis);
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    DType narrow = operands.get(0).dtype();
    DType type = narrow == DType.F64 ? DType.F64 : DType.F32;
    Value x = b.cast(operands.get(0), type);
    Value scale = QuantizedAxis.spread(b, b.cast(operands.get(1), type), x, axis);
    Value zero = QuantizedAxis.spread(b, b.cast(operands.get(2), type), x, axis);
    Value whole = b.add(b.one(new Round(), b.div(x, scale)), zero);
    Value low = b.like(x, dtype == DType.U8 ? 0 : -128);
    Value high = b.like(x, dtype == DType.U8 ? 255 : 127);
    return List.of(b.cast(b.one(new Clamp(), whole, low, high), dtype));
  }

  @Override
  public void differentiate(GradientContext context) {
    for (int operand = 0; operand < context.count(); operand++) {
      context.zero(operand);
    }
  }
}
