package dev.dlm.op.nn;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution (cross-correlation, as is usual in this field): for {@code x: [N, C, spatial…]} and
 * {@code w: [O, C/groups, kernel…]},
 *
 * <pre>
 * {@code y[n, o, p] = Σ_{c, k} x[n, group(o)·C/groups + c, p·stride - padLow + k·dilation] * w[o, c, k]}
 * </pre>
 *
 * where elements outside of {@code x} count as zero. The result is {@code [N, O, spatial'…]} with
 * sizes {@code floor((n + low + high - dilation·(k - 1) - 1) / stride) + 1}.
 *
 * <p>(C1) two operands; (C2) of one floating-point type and one rank of at least 3; (C3) the window
 * has one entry a spatial axis, its strides, dilations and groups positive; (C4) {@code C} is the
 * kernel's second size times {@code groups}; (C5) {@code O} is a multiple of {@code groups}; (C6)
 * the kernel fits into the padded input. Gradients: {@link ConvolutionInputGradient} and {@link
 * ConvolutionKernelGradient}.
 */
public record Convolution(ConvolutionWindow window) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType x = context.in(0);
    TensorType w = context.in(1);
    context.checkDType(
        "C2", context.checkSameDType("C2", 0).isFloat(), "takes floating-point tensors, not " + x);
    context.check(
        "C2",
        x.rank() == w.rank() && x.rank() >= 3,
        "ranks of " + x + " and " + w + " do not suit");
    window.check(context, x.rank() - 2);
    context.checkEqual("C4", x.dim(1), w.dim(1).times(window.groups()), "input channels differ");
    context.check(
        "C5",
        w.dim(0).dividedExactlyBy(Dim.of(window.groups())).isPresent(),
        w.dim(0) + " outputs in " + window.groups() + " groups");
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0), w.dim(0)));
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      Dim size = window.outputSize(axis, x.dim(axis + 2), w.dim(axis + 2));
      context.checkAtMost("C6", Dim.ZERO, size, "the kernel " + w + " does not fit into " + x);
      dims.add(size);
    }
    return List.of(x.withShape(new Shape(dims)));
  }

  /** Elements outside of the input count too. */
  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return ConvolutionWindow.operations(results.get(0), operands.get(1));
  }

  @Override
  public void differentiate(GradientContext context) {
    List<Dim> inputSizes = context.in(0).shape().dims().subList(2, context.in(0).rank());
    List<Dim> kernelSizes = context.in(1).shape().dims().subList(2, context.in(1).rank());
    context.gradient(
        0,
        () ->
            context
                .builder()
                .one(
                    new ConvolutionInputGradient(window, inputSizes),
                    context.upstream(),
                    context.in(1)));
    context.gradient(
        1,
        () ->
            context
                .builder()
                .one(
                    new ConvolutionKernelGradient(window, kernelSizes),
                    context.in(0),
                    context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor w = context.in(1);
    TensorType result = context.result(0);
    return List.of(
        new ConvolutionReference(window, x.sizes(), w.sizes(), result.shape().asLongs())
            .forward(x, w, result));
  }
}
