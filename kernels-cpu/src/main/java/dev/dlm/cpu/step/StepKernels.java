package dev.dlm.cpu.step;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Attributes;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.Op;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Scatter;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.op.nn.ScaledDotProductAttentionGradient;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.random.RandomBits;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Finds the kernel of a step. */
public final class StepKernels {
  private static final Map<Class<? extends Op>, OpBinder<Op>> BINDERS = binders();
  private static final OpBinder<Op> ELEMENTWISE =
      cast(ElementwiseOp.class, loops(LoopLowering::elementwise));

  private StepKernels() {}

  /** Binds one op. */
  @FunctionalInterface
  private interface OpBinder<T extends Op> {
    /**
     * Makes what computes the op.
     *
     * @param op its sizes are constant
     * @param epilogue to be run on the result
     */
    BoundStep bind(T op, StepBinding binding, Epilogue epilogue);
  }

  /** The kernel of a fused loop. */
  public static StepKernel of(LoopKernel loop) {
    return binding -> LoopStep.bind(binding, List.of(loop));
  }

  /**
   * The kernel of an op.
   *
   * @param location the step's, for the message if there is none
   */
  public static StepKernel of(OpKernel kernel, Location location) {
    OpBinder<Op> binder = find(kernel.op(), location);
    return binding ->
        binder.bind(
            Attributes.substitute(kernel.op(), binding.replacements()),
            binding,
            new Epilogue(kernel.epilogue(), binding));
  }

  /** Whether there is a kernel for ops of a class. */
  public static boolean supports(Class<? extends Op> type) {
    return ElementwiseOp.class.isAssignableFrom(type) || BINDERS.containsKey(type);
  }

  private static OpBinder<Op> find(Op op, Location location) {
    if (op instanceof ElementwiseOp) {
      return ELEMENTWISE;
    }
    OpBinder<Op> binder = BINDERS.get(op.getClass());
    if (binder == null) {
      throw new InternalException(
          "the cpu device has no kernel for " + op.name() + " of " + location);
    }
    return binder;
  }

  private static Map<Class<? extends Op>, OpBinder<Op>> binders() {
    Map<Class<? extends Op>, OpBinder<Op>> all = new HashMap<>();
    add(all, Reshape.class, loops((op, types) -> LoopLowering.copy(types)));
    add(all, StopGradient.class, loops((op, types) -> LoopLowering.copy(types)));
    add(all, Broadcast.class, loops(LoopLowering::broadcast));
    add(all, Transpose.class, loops(LoopLowering::transpose));
    add(all, Slice.class, loops(LoopLowering::slice));
    add(all, Reverse.class, loops(LoopLowering::reverse));
    add(all, Iota.class, loops(LoopLowering::iota));
    add(all, Size.class, loops((op, types) -> LoopLowering.size(op)));
    add(all, Reduce.class, loops(LoopLowering::reduce));
    add(all, ArgReduce.class, loops(LoopLowering::argReduce));
    add(all, Pad.class, loops(LoopLowering::pad));
    add(all, Concat.class, loops(LoopLowering::concat));
    add(all, Constant.class, (op, binding, epilogue) -> ConstantStep.bind(op, binding));
    add(all, DynamicSlice.class, (op, binding, epilogue) -> PartKernel.read(binding));
    add(all, DynamicUpdateSlice.class, (op, binding, epilogue) -> PartKernel.write(binding));
    add(all, Gather.class, (op, binding, epilogue) -> GatherKernel.bind(op, binding));
    add(all, Scatter.class, (op, binding, epilogue) -> ScatterKernel.bind(op, binding));
    add(all, Cumulative.class, (op, binding, epilogue) -> CumulativeKernel.bind(op, binding));
    add(
        all,
        LinearRecurrence.class,
        (op, binding, epilogue) -> LinearRecurrenceKernel.bind(op, binding));
    add(all, Sort.class, (op, binding, epilogue) -> SortKernel.bind(op, binding));
    add(all, TopK.class, (op, binding, epilogue) -> SortKernel.bind(op, binding));
    add(all, RandomBits.class, (op, binding, epilogue) -> RandomBitsKernel.bind(binding));
    add(all, Dot.class, DotKernel::bind);
    add(all, Convolution.class, ConvolutionKernels::forward);
    add(all, ConvolutionInputGradient.class, ConvolutionKernels::inputGradient);
    add(all, ConvolutionKernelGradient.class, ConvolutionKernels::kernelGradient);
    add(
        all,
        ScaledDotProductAttention.class,
        (op, binding, epilogue) -> AttentionKernels.forward(op, binding));
    add(
        all,
        ScaledDotProductAttentionGradient.class,
        (op, binding, epilogue) -> AttentionKernels.gradient(op, binding));
    add(all, ReduceWindow.class, (op, binding, epilogue) -> WindowKernels.reduce(op, binding));
    add(all, SelectAndGather.class, (op, binding, epilogue) -> WindowKernels.gather(op, binding));
    add(all, SelectAndScatter.class, (op, binding, epilogue) -> WindowKernels.scatter(op, binding));
    return all;
  }

  private static <T extends Op> void add(
      Map<Class<? extends Op>, OpBinder<Op>> all, Class<T> type, OpBinder<T> binder) {
    all.put(type, cast(type, binder));
  }

  private static <T extends Op> OpBinder<Op> cast(Class<T> type, OpBinder<T> binder) {
    return (op, binding, epilogue) -> binder.bind(type.cast(op), binding, epilogue);
  }

  private static <T extends Op> OpBinder<T> loops(
      BiFunction<T, List<TensorType>, List<LoopKernel>> lowering) {
    return (op, binding, epilogue) -> LoopStep.bind(binding, lowering.apply(op, binding.types()));
  }
}
