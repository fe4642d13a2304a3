package dev.dlm.cpu.step;

import dev.dlm.cpu.contraction.Attention;
import dev.dlm.cpu.contraction.AttentionShape;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.op.nn.ScaledDotProductAttentionGradient;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScaledDotProductAttention} and its gradient, in binary32; in other types the compiler has
 * put their expansions in their place.
 */
final class AttentionKernels {
  private AttentionKernels() {}

  static BoundStep forward(ScaledDotProductAttention op, StepBinding binding) {
    int mask = 3;
    int results = binding.countReads();
    AttentionShape shape = shape(binding, op.causal(), op.scale(), mask);
    Attention attention =
        Attention.forward(
            shape,
            binding.segment(0),
            binding.segment(1),
            binding.segment(2),
            mask(binding, mask),
            binding.segment(results),
            binding.segment(results + 1));
    return () -> attention.runOn(binding.pool());
  }

  static BoundStep gradient(ScaledDotProductAttentionGradient op, StepBinding binding) {
    int mask = 6;
    int results = binding.countReads();
    AttentionShape shape = shape(binding, op.causal(), op.scale(), mask);
    if (shape.targets() == 0 || shape.heads() == 0) {
      return () -> {
        for (int i = results; i < results + 3; i++) {
          binding.segment(i).fill((byte) 0);
        }
      };
    }
    Attention attention =
        Attention.gradient(
            shape,
            binding.segment(0),
            binding.segment(1),
            binding.segment(2),
            binding.segment(3),
            binding.segment(4),
            binding.segment(5),
            mask(binding, mask),
            binding.segment(results),
            binding.segment(results + 1),
            binding.segment(results + 2));
    return () -> attention.runOn(binding.pool());
  }

  private static @Nullable MemorySegment mask(StepBinding binding, int operand) {
    return binding.countReads() > operand ? binding.segment(operand) : null;
  }

  private static AttentionShape shape(
      StepBinding binding, boolean causal, double scale, int maskOperand) {
    TensorType query = binding.type(0);
    TensorType values = binding.type(2);
    if (query.dtype() != DType.F32) {
      throw new InternalException("attention of " + query + " was not expanded");
    }
    AttentionShape.Mask mask = AttentionShape.Mask.NONE;
    if (binding.countReads() > maskOperand) {
      boolean shared = binding.type(maskOperand).dim(1).is(1);
      mask = shared ? AttentionShape.Mask.BY_SOURCE : AttentionShape.Mask.BY_PAIR;
    }
    return new AttentionShape(
        size(query, 0),
        size(query, 1),
        size(values, 1),
        size(query, 2),
        size(values, 2),
        size(query, 3),
        size(values, 3),
        causal,
        (float) scale,
        mask);
  }

  private static int size(TensorType type, int axis) {
    return Math.toIntExact(type.dim(axis).asLong());
  }
}
