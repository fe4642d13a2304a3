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
 * The gradient of {@link Convolution} with respect to its input; also called transposed
 * convolution. For {@code u: [N, O, spatial'…]} and {@code w: [O, C/groups, kernel…]}, with {@code
 * y = conv(x, w)}: {@code dx[n, c, i] = Σ u[n, o, p] * w[o, c', k]} over all {@code (o, p, k)} for
 * which {@code y[n, o, p]} takes {@code x[n, c, i] * w[o, c', k]}.
 *
 * <p>(C1) two operands; (C2) of one floating-point type and one rank of at least 3; (C3) the window
 * and {@code inputSizes} have one entry a spatial axis; (C4) {@code u} has the type of {@code
 * conv(dx, w)}; (C5) {@code O} is a multiple of {@code groups}. Linear in both operands; the
 * gradients are {@link Convolution} and {@link ConvolutionKernelGradient}.
 *
 * @param inputSizes the spatial sizes of the result
 */
public record ConvolutionInputGradient(ConvolutionWindow window, List<Dim> inputSizes)
    implements Op {
  public ConvolutionInputGradient {
    inputSizes = List.copyOf(inputSizes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType upstream = context.in(0);
    TensorType w = context.in(1);
    context.checkDType(
        "C2",
        context.checkSameDType("C2", 0).isFloat(),
        "takes floating-point tensors, not " + upstream);
    context.check(
        "C2",
        upstream.rank() == w.rank() && w.rank() >= 3,
        "ranks of " + upstream + " and " + w + " do not suit");
    window.check(context, w.rank() - 2);
    context.check(
        "C3",
        inputSizes.size() == window.spatialRank(),
        "input sizes " + inputSizes + " of another rank than " + w);
    context.checkEqual("C4", upstream.dim(1), w.dim(0), "output channels differ");
    context.check(
        "C5",
        w.dim(0).dividedExactlyBy(Dim.of(window.groups())).isPresent(),
        w.dim(0) + " outputs in " + window.groups() + " groups");
    List<Dim> dims = new ArrayList<>(List.of(upstream.dim(0), w.dim(1).times(window.groups())));
    for (int axis = 0; axis < window.spatialRank(); axis++) {
      Dim size = window.outputSize(axis, inputSizes.get(axis), w.dim(axis + 2));
      context.checkEqual("C4", upstream.dim(axis + 2), size, "spatial sizes differ");
      dims.add(inputSizes.get(axis));
    }
    return List.of(upstream.withShape(new Shape(dims)));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return ConvolutionWindow.operations(operands.get(0), operands.get(1));
  }

  @Override
  public void differentiate(GradientContext context) {
    List<Dim> kernelSizes = context.in(1).shape().dims().subList(2, context.in(1).rank());
    context.gradient(
        0, () -> context.builder().one(new Convolution(window), context.upstream(), context.in(1)));
    context.gradient(
        1,
        () ->
            context
                .builder()
                .one(
                    new ConvolutionKernelGradient(window, kernelSizes),
                    context.upstream(),
                    context.in(0)));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor upstream = context.in(0);
    HostTensor w = context.in(1);
    TensorType result = context.result(0);
    return List.of(
        new ConvolutionReference(window, result.shape().asLongs(), w.sizes(), upstream.sizes())
            .inputGradient(upstream, w, result));
  }
}
