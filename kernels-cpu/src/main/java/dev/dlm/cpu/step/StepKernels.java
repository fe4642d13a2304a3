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
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Finds the kernel of a step. */
public final class StepKernels {
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
    Op op = kernel.op();
    OpBinder<Op> binder =
        find(op)
            .orElseThrow(() ->
                new InternalException(
                    "the cpu device has no kernel for " + op.name() + " of " + location));
    return binding ->
        binder.bind(
            Attributes.substitute(op, binding.replacements()),
            binding,
            new Epilogue(kernel.epilogue(), binding));
  }

  /** Whether there is a kernel for an op. */
  public static boolean supports(Op op) {
    return find(op).isPresent();
  }

  /**
   * What binds ops of a kind. The JVM makes classes of the lambdas here when it comes by, so that a
   * service starts with those alone that its model needs.
   */
  private static Optional<OpBinder<Op>> find(Op kind) {
    @Nullable OpBinder<Op> binder =
        switch (kind) {
          case ElementwiseOp _ -> loops(ElementwiseOp.class, LoopLowering::elementwise);
          case Reshape _ -> loops(Reshape.class, (op, types) -> LoopLowering.copy(types));
          case StopGradient _ -> loops(StopGradient.class, (op, types) -> LoopLowering.copy(types));
          case Broadcast _ -> loops(Broadcast.class, LoopLowering::broadcast);
          case Transpose _ -> loops(Transpose.class, LoopLowering::transpose);
          case Slice _ -> loops(Slice.class, LoopLowering::slice);
          case Reverse _ -> loops(Reverse.class, LoopLowering::reverse);
          case Iota _ -> loops(Iota.class, LoopLowering::iota);
          case Size _ -> loops(Size.class, (op, types) -> LoopLowering.size(op));
          case Reduce _ -> loops(Reduce.class, LoopLowering::reduce);
          case ArgReduce _ -> loops(ArgReduce.class, LoopLowering::argReduce);
          case Pad _ -> loops(Pad.class, LoopLowering::pad);
          case Concat _ -> loops(Concat.class, LoopLowering::concat);
          case Constant _ -> kernel(Constant.class, ConstantStep::bind);
          case DynamicSlice _ ->
              kernel(DynamicSlice.class, (op, binding) -> PartKernel.read(binding));
          case DynamicUpdateSlice _ ->
              kernel(DynamicUpdateSlice.class, (op, binding) -> PartKernel.write(binding));
          case Gather _ -> kernel(Gather.class, GatherKernel::bind);
          case Scatter _ -> kernel(Scatter.class, ScatterKernel::bind);
          case Cumulative _ -> kernel(Cumulative.class, CumulativeKernel::bind);
          case LinearRecurrence _ -> kernel(LinearRecurrence.class, LinearRecurrenceKernel::bind);
          case Sort _ -> kernel(Sort.class, SortKernel::bind);
          case TopK _ -> kernel(TopK.class, SortKernel::bind);
          case RandomBits _ ->
              kernel(RandomBits.class, (op, binding) -> RandomBitsKernel.bind(binding));
          case Dot _ -> fused(Dot.class, DotKernel::bind);
          case Convolution _ -> fused(Convolution.class, ConvolutionKernels::forward);
          case ConvolutionInputGradient _ ->
              fused(ConvolutionInputGradient.class, ConvolutionKernels::inputGradient);
          case ConvolutionKernelGradient _ ->
              fused(ConvolutionKernelGradient.class, ConvolutionKernels::kernelGradient);
          case ScaledDotProductAttention _ ->
              kernel(ScaledDotProductAttention.class, AttentionKernels::forward);
          case ScaledDotProductAttentionGradient _ ->
              kernel(ScaledDotProductAttentionGradient.class, AttentionKernels::gradient);
          case ReduceWindow _ -> kernel(ReduceWindow.class, WindowKernels::reduce);
          case SelectAndGather _ -> kernel(SelectAndGather.class, WindowKernels::gather);
          case SelectAndScatter _ -> kernel(SelectAndScatter.class, WindowKernels::scatter);
          default -> null;
        };
    return Optional.ofNullable(binder);
  }

  /** A kernel that runs epilogues itself. */
  private static <T extends Op> OpBinder<Op> fused(Class<T> type, OpBinder<T> binder) {
    return (op, binding, epilogue) -> binder.bind(type.cast(op), binding, epilogue);
  }

  /** A kernel of ops that have no epilogues. */
  private static <T extends Op> OpBinder<Op> kernel(
      Class<T> type, BiFunction<T, StepBinding, BoundStep> binder) {
    return (op, binding, epilogue) -> binder.apply(type.cast(op), binding);
  }

  /** Loops over the op's operands. */
  private static <T> OpBinder<Op> loops(
      Class<T> type, BiFunction<T, List<TensorType>, List<LoopKernel>> lowering) {
    return (op, binding, epilogue) ->
        LoopStep.bind(binding, lowering.apply(type.cast(op), binding.types()));
  }
}
