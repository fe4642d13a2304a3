package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a loop kernel to fewer axes: neighbours that every access walks as if they were one
 * become one, axes of size one go.
 */
final class AxisMerging {
  private final LoopKernel loop;
  private final Set<Integer> indexed = new HashSet<>();

  private AxisMerging(LoopKernel loop) {
    this.loop = loop;
    for (Block block : loop.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Index index) {
          indexed.add(index.axis());
        }
      }
    }
  }

  /** An equal kernel with as few axes as can be proved. */
  static LoopKernel merge(LoopKernel loop) {
    return new AxisMerging(loop).merged();
  }

  /** Consecutive axes that become one; its strides are those of the last. */
  private record Run(int last, Dim size) {}

  private LoopKernel merged() {
    int countRows = loop.rows().size();
    List<Run> rows = runs(0, countRows);
    List<Run> columns = runs(countRows, loop.axes().size());
    List<Run> all = new ArrayList<>(rows);
    all.addAll(columns);
    return new LoopKernel(
        rows.stream().map(Run::size).toList(),
        columns.stream().map(Run::size).toList(),
        loop.accesses().stream().map(access -> kept(access, all)).toList(),
        loop.sweeps().stream().map(block -> kept(block, all)).toList(),
        kept(loop.finish(), all));
  }

  private List<Run> runs(int from, int to) {
    List<Dim> axes = loop.axes();
    List<Run> runs = new ArrayList<>();
    for (int axis = from; axis < to; axis++) {
      Dim size = axes.get(axis);
      if (size.is(1) && !indexed.contains(axis)) {
        continue;
      }
      int previous = runs.size() - 1;
      if (previous >= 0 && isOneWalk(runs.get(previous).last(), axis, size)) {
        runs.set(previous, new Run(axis, runs.get(previous).size().times(size)));
      } else {
        runs.add(new Run(axis, size));
      }
    }
    return runs;
  }

  private boolean isOneWalk(int outer, int inner, Dim innerSize) {
    if (indexed.contains(outer) || indexed.contains(inner)) {
      return false;
    }
    for (Access access : loop.accesses()) {
      if (!isOneWalk(access.strides(), outer, inner, innerSize)
          || !access.bounds().stream()
              .allMatch(bound -> isOneWalk(bound.coefficients(), outer, inner, innerSize))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOneWalk(List<Dim> strides, int outer, int inner, Dim innerSize) {
    return strides.get(outer).equals(strides.get(inner).times(innerSize));
  }

  private static Access kept(Access access, List<Run> runs) {
    return new Access(
        access.operand(),
        access.offset(),
        kept(access.strides(), runs),
        access.bounds().stream()
            .map(bound ->
                new Access.Bound(bound.offset(), kept(bound.coefficients(), runs), bound.extent()))
            .toList());
  }

  private static List<Dim> kept(List<Dim> strides, List<Run> runs) {
    return runs.stream().map(run -> strides.get(run.last())).toList();
  }

  private static Block kept(Block block, List<Run> runs) {
    List<Integer> lasts = runs.stream().map(Run::last).toList();
    List<Instruction> instructions =
        block.instructions().stream()
            .map(instruction ->
                instruction instanceof Instruction.Index index
                    ? new Instruction.Index(lasts.indexOf(index.axis()), index.dtype())
                    : instruction)
            .toList();
    return new Block(instructions, block.folds(), block.stores());
  }
}
