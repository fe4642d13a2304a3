package dev.dlm.cpu.step;

import dev.dlm.ir.TensorType;
import java.util.List;
import java.util.OptionalLong;

/** Several axes of a tensor taken as one, in a given order. */
final class AxisGroup {
  private AxisGroup() {}

  /** The product of the sizes. */
  static long size(TensorType type, List<Integer> axes) {
    long size = 1;
    for (int axis : axes) {
      size *= type.dim(axis).asLong();
    }
    return size;
  }

  /** The stride of the axes as one, in elements, if their elements lie at equal distances. */
  static OptionalLong stride(TensorType type, List<Integer> axes) {
    long[] strides = LoopBuilder.strides(type.shape());
    long stride = 0;
    long next = 0;
    for (int i = axes.size() - 1; i >= 0; i--) {
      int axis = axes.get(i);
      long size = type.dim(axis).asLong();
      if (size == 1) {
        continue;
      }
      if (next == 0) {
        stride = strides[axis];
      } else if (strides[axis] != next) {
        return OptionalLong.empty();
      }
      next = strides[axis] * size;
    }
    return OptionalLong.of(stride);
  }
}
