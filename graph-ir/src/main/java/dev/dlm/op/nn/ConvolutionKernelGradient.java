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
 * The gradient of {@link Convolution} with respect to its kernel. For {@code x: [N, C, spatial…]}
 * and {@code u: [N, O, spatial'…]}, with {@code y = conv(x, w)}: {@code dw[o, c, k] = Σ_{n, p} u[n,
 * o, p] * x[n, group(o)·C/groups + c, p·stride - padLow + k·dilation]}.
 *
 * <p>(C1) two operands; (C2) of one floating-point type and one rank of at least 3; (C3) the window
 * and {@code kernelSizes} have one entry a spatial axis; (C4) {@code u} has the type of {@code
 * conv(x, dw)}; (C5) channels are multiples of {@code groups}. Linear in both operands; the
 * gradients are {@link ConvolutionInputGradient} and {@link Convolution}.
 *
 * @param kernelSizes the spatial sizes of the result
 */
public record ConvolutionKernelGradient(ConvolutionWindow window, List<Dim> kernelSizes)
    implements Op {
  public ConvolutionKernelGradient {
    kernelSizes = List.copyOf(kernelSizes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType x = context.in(0);
    TensorType upstream = context.in(1);
    context.checkDType(
        "C2", context.checkSameDType("C2", 0).isFloat(), "takes floating-point tensors, not " + x);
    context.check(
        "C2",
        x.rank() == upstream.rank() && x.rank() >= 3,
        "ranks of " + x + " and " + upstream + " do not suit");
    window.check(context, x.rank() - 2);
    context.check(
        "C3",
        kernelSizes.size() == window.spatialRank(),
        "kernel sizes " + kernelSizes + " of another rank than " + x);
    context.checkEqual("C4", x.dim(0), upstream.dim(0), "batch sizes differ");
    Dim groups = Dim.of(window.groups());
    boolean divides =
        x.dim(1).dividedExactlyBy(groups).isPresent()
            && upstream.dim(1).dividedExactlyBy(groups).isPresent();
    context.check(
        "C5", divides, "channels of " + x + " and " + upstream + " in " + groups + " groups");
    List<Dim> dims = new ArrayList<>(List.of(upstream.dim(1), x.dim(1).floorDividedBy(groups)));
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      Dim size = window.outputSize(axis, x.dim(axis + 2), kernelSizes.get(axis));
      context.checkEqual("C4", upstream.dim(axis + 2), size, "spatial sizes differ");
      dims.add(kernelSizes.get(axis));
    }
    return List.of(x.withShape(new Shape(dims)));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return ConvolutionWindow.operations(operands.get(1), results.get(0));
  }

  @Override
  public void differentiate(GradientContext context) {
    List<Dim> inputSizes = context.in(0).shape().dims().subList(2, context.in(0).rank());
    context.gradient(
        0,
        () ->
            context
                .builder()
                .one(
                    new ConvolutionInputGradient(window, inputSizes),
                    context.in(1),
                    context.upstream()));
    context.gradient(
        1, () -> context.builder().one(new Convolution(window), context.in(0), context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor upstream = context.in(1);
    TensorType result = context.result(0);
    return List.of(
        new ConvolutionReference(window, x.sizes(), result.shape().asLongs(), upstream.sizes())
            .kernelGradient(x, upstream, result));
  }
}
