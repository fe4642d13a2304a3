package dev.dlm.opencl.source;

import dev.dlm.op.Op;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Scatter;
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
      Map.ofEntries(
          entry(ArgReduce.class, ArgReduceCode::of),
          entry(Concat.class, ConcatCode::of),
          entry(DynamicSlice.class, (op, step) -> PartCode.read(step)),
          entry(DynamicUpdateSlice.class, (op, step) -> PartCode.write(step)),
          entry(Gather.class, GatherCode::of),
          entry(Pad.class, PadCode::of),
          entry(RandomBits.class, (op, step) -> RandomBitsCode.of(step)),
          entry(ReduceWindow.class, ReduceWindowCode::of),
          entry(Scatter.class, ScatterCode::of),
          entry(SelectAndGather.class, SelectAndGatherCode::of),
          entry(SelectAndScatter.class, SelectAndScatterCode::of));

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

  private static <T extends Op>
      Map.Entry<Class<? extends Op>, BiFunction<Op, Step, StepCode>> entry(
          Class<T> type, BiFunction<T, Step, StepCode> code) {
    return Map.entry(type, (op, step) -> code.apply(type.cast(op), step));
  }

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
    StepCode code = simple == null ? _ -> List.of() : simple.apply(op, step);
    return kernel
        .epilogue()
        .map(loop -> inOrder(code, LoopCode.of(loop, step, processor)))
        .orElse(code);
  }

  /** Whether there is code for an op; the host computes the others. */
  static boolean exist(Op op) {
    return CONTRACTIONS.containsKey(op.getClass()) || SIMPLE.containsKey(op.getClass());
  }

  private static StepCode inOrder(StepCode first, StepCode second) {
    return sizes -> {
      List<Launch> launches = new ArrayList<>(first.launches(sizes));
      launches.addAll(second.launches(sizes));
      return launches;
    };
  }
}
