package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.plan.Block;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop kernel without folds: one work item an element. The two inner axes are the first
 * dimensions of the work items; the third counts through the others.
 */
final class LoopCode implements StepCode {
  private static final long GROUP = 256;

  private final LoopKernel loop;
  private final KernelCode code;

  private LoopCode(LoopKernel loop, Step step) {
    this.loop = AxisMerging.merge(loop);
    this.code = write(step);
  }

  /** The code of a loop kernel of any kind. */
  static StepCode of(LoopKernel loop, Step step, boolean processor) {
    boolean isMap =
        loop.sweeps().size() == 1 && !loop.hasFolds() && loop.finish().equals(Block.EMPTY);
    return isMap ? new LoopCode(loop, step) : new FoldCode(loop, step, processor);
  }

  private KernelCode write(Step step) {
    KernelWriter writer = new KernelWriter(step);
    List<Dim> axes = loop.axes();
    List<Dim> inner = axes.subList(Math.max(0, axes.size() - 2), axes.size());
    List<Dim> outer = axes.subList(0, axes.size() - inner.size());
    List<String> names = new ArrayList<>();
    for (int i = inner.size() - 1; i >= 0; i--) {
      String name = i == inner.size() - 1 ? "x" : "y";
      writer.line("INDEX " + name + " = get_global_id(" + (inner.size() - 1 - i) + ");");
      writer.line("if (" + name + " >= " + writer.size(inner.get(i)) + ") return;");
      names.add(0, name);
    }
    if (!outer.isEmpty()) {
      writer.line("INDEX z = get_global_id(2);");
      names.addAll(0, writer.coordinates("z", "z", outer));
    }
    new BlockWriter(writer, loop.accesses())
        .write(loop.sweeps().get(0), "v", names, List.of(), _ -> Optional.empty());
    return writer.build("elements");
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    List<Dim> axes = loop.axes();
    int rank = axes.size();
    long x = rank > 0 ? sizes.of(axes.get(rank - 1)) : 1;
    long y = rank > 1 ? sizes.of(axes.get(rank - 2)) : 1;
    long z = rank > 2 ? sizes.of(new Shape(axes.subList(0, rank - 2)).count()) : 1;
    if (x * y * z == 0) {
      return List.of();
    }
    long localX = Math.min(GROUP, powerOfTwoFrom(x));
    long localY = Math.min(GROUP / localX, powerOfTwoFrom(y));
    return List.of(
        Launch.of(
            code,
            new long[] {Launch.roundUp(x, localX), Launch.roundUp(y, localY), z},
            new long[] {localX, localY, 1}));
  }

  private static long powerOfTwoFrom(long value) {
    long highest = Long.highestOneBit(value);
    return highest == value ? value : highest * 2;
  }
}
