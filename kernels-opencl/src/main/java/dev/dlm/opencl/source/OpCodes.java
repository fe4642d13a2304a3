package dev.dlm.opencl.source;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.op.Op;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Pad;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.random.RandomBits;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The ops that have code of their own, one line each. */
final class OpCodes {
  private OpCodes() {}

  /** An op whose results are written element by element. */
  private static final Map<Class<? extends Op>, BiFunction<Op, Step, StepCode>> SIMPLE =
      Map.of(
          ArgReduce.class, (op, step) -> ArgReduceCode.of((ArgReduce) op, step),
          Concat.class, (op, step) -> ConcatCode.of((Concat) op, step),
          Pad.class, (op, step) -> PadCode.of((Pad) op, step),
          RandomBits.class, (op, step) -> RandomBitsCode.of(step),
          ReduceWindow.class, (op, step) -> ReduceWindowCode.of((ReduceWindow) op, step),
          SelectAndGather.class, (op, step) -> SelectAndGatherCode.of((SelectAndGather) op, step),
          SelectAndScatter.class,
              (op, step) -> SelectAndScatterCode.of((SelectAndScatter) op, step));

  /** An op that is a sum of products, which may take an epilogue with it. */
  private static final Map<Class<? extends Op>, BiFunction<Op, Step, Contraction>> CONTRACTIONS =
      Map.of(
          Dot.class, (op, step) -> DotCode.of((Dot) op, step),
          Convolution.class,
              (op, step) -> ConvolutionCode.forward(((Convolution) op).window(), step),
          ConvolutionInputGradient.class,
              (op, step) ->
                  ConvolutionCode.inputGradient(((ConvolutionInputGradient) op).window(), step),
          ConvolutionKernelGradient.class,
              (op, step) ->
                  ConvolutionCode.kernelGradient(((ConvolutionKernelGradient) op).window(), step));

  static StepCode of(OpKernel kernel, Step step, boolean processor) {
    Op op = kernel.op();
    BiFunction<Op, Step, Contraction> contraction = CONTRACTIONS.get(op.getClass());
    if (contraction != null) {
      Contraction product = contraction.apply(op, step);
      return processor
          ? new PanelProductCode(product, kernel.epilogue(), step)
          : new TiledProductCode(product, kernel.epilogue(), step);
    }
    BiFunction<Op, Step, StepCode> simple = SIMPLE.get(op.getClass());
    if (simple == null) {
      throw new InternalException(
          "the opencl device has no code for " + op.name() + " at " + step.location());
    }
    StepCode code = simple.apply(op, step);
    return kernel
        .epilogue()
        .map(loop -> inOrder(code, LoopCode.of(loop, step, processor)))
        .orElse(code);
  }

  private static StepCode inOrder(StepCode first, StepCode second) {
    return sizes -> {
      List<Launch> launches = new ArrayList<>(first.launches(sizes));
      launches.addAll(second.launches(sizes));
      return launches;
    };
  }
}
