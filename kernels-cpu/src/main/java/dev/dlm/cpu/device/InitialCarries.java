package dev.dlm.cpu.device;

import dev.dlm.cpu.step.StepBinding;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Copies the initial carries of a loop to where the carries live, except those that are there. */
final class InitialCarries {
  private final MemorySegment[] from;
  private final MemorySegment[] to;

  /**
   * Finds what to copy.
   *
   * @param carries number of carries: the first operands read and the first written
   * @param countReads number of operands that the step reads
   */
  InitialCarries(StepBinding binding, int carries, int countReads) {
    List<MemorySegment> sources = new ArrayList<>();
    List<MemorySegment> targets = new ArrayList<>();
    for (int i = 0; i < carries; i++) {
      MemorySegment source = binding.segment(i);
      MemorySegment target = binding.segment(countReads + i);
      if (source.address() != target.address()) {
        sources.add(source);
        targets.add(target);
      }
    }
    from = sources.toArray(MemorySegment[]::new);
    to = targets.toArray(MemorySegment[]::new);
  }

  void copy() {
    for (int i = 0; i < from.length; i++) {
      MemorySegment.copy(from[i], 0, to[i], 0, to[i].byteSize());
    }
  }
}
