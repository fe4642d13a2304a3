package dev.dlm.cpu.step;

import dev.dlm.cpu.window.Window2d;
import dev.dlm.cpu.window.WindowKind;
import dev.dlm.cpu.window.WindowShape;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.nn.WindowGeometry;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * {@link ReduceWindow}, {@link SelectAndScatter} and {@link SelectAndGather}: by {@link Window2d}
 * for binary32 windows that reach over the last two axes only, one window after the other
 * otherwise.
 */
final class WindowKernels {
  private WindowKernels() {}

  static BoundStep reduce(ReduceWindow op, StepBinding binding) {
    MemorySegment x = binding.segment(0);
    MemorySegment y = binding.segment(1);
    return planar(op.kind(), op.window(), binding.type(0), binding.type(1))
        .<BoundStep>map(window -> window.reduce(x, 0, y, 0, binding.pool())::run)
        .orElseGet(
            () -> LoopStep.bind(binding, ContractionLowering.reduceWindow(op, binding.types())));
  }

  static BoundStep scatter(SelectAndScatter op, StepBinding binding) {
    MemorySegment x = binding.segment(0);
    MemorySegment u = binding.segment(1);
    MemorySegment dx = binding.segment(2);
    return planar(op.kind(), op.window(), binding.type(0), binding.type(1))
        .<BoundStep>map(window -> window.scatterToSelected(x, 0, u, 0, dx, 0, binding.pool())::run)
        .orElseGet(() -> SelectKernel.scatter(op, binding));
  }

  static BoundStep gather(SelectAndGather op, StepBinding binding) {
    MemorySegment x = binding.segment(0);
    MemorySegment v = binding.segment(1);
    MemorySegment y = binding.segment(2);
    return planar(op.kind(), op.window(), binding.type(0), binding.type(2))
        .<BoundStep>map(window -> window.gatherFromSelected(x, 0, v, 0, y, 0, binding.pool())::run)
        .orElseGet(() -> SelectKernel.gather(op, binding));
  }

  private static Optional<Window2d> planar(
      Reduce.Kind kind, WindowGeometry geometry, TensorType x, TensorType windows) {
    int first = x.rank() - 2;
    if (x.dtype() != DType.F32 || first < 0) {
      return Optional.empty();
    }
    long planes = 1;
    for (int axis = 0; axis < first; axis++) {
      if (geometry.sizes().get(axis) != 1
          || geometry.strides().get(axis) != 1
          || geometry.padLow().get(axis) != 0
          || geometry.padHigh().get(axis) != 0) {
        return Optional.empty();
      }
      planes *= x.dim(axis).asLong();
    }
    WindowShape shape =
        new WindowShape(
            Math.toIntExact(planes),
            size(x, first),
            size(x, first + 1),
            Math.toIntExact(geometry.sizes().get(first)),
            Math.toIntExact(geometry.sizes().get(first + 1)),
            Math.toIntExact(geometry.strides().get(first)),
            Math.toIntExact(geometry.strides().get(first + 1)),
            Math.toIntExact(geometry.padLow().get(first)),
            Math.toIntExact(geometry.padLow().get(first + 1)),
            size(windows, first),
            size(windows, first + 1));
    return switch (kind) {
      case SUM -> Optional.of(new Window2d(shape, WindowKind.SUM));
      case MAX -> Optional.of(new Window2d(shape, WindowKind.MAX));
      case MIN -> Optional.of(new Window2d(shape, WindowKind.MIN));
      case PRODUCT, ANY, ALL -> Optional.empty();
    };
  }

  private static int size(TensorType type, int axis) {
    return Math.toIntExact(type.dim(axis).asLong());
  }
}
