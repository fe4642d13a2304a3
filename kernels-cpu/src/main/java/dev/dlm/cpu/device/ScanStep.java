package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.LoopEntry;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.cpu.step.StepKernel;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * {@link ScanKernel}: the body is bound once; its slices are copied in and its elements out, one
 * iteration after the other.
 */
final class ScanStep implements ControlStep {
  private final InitialCarries initial;
  private final LoopEntry entry;
  private final BoundProgram body;
  private final MemorySegment[] scanned;
  private final MemorySegment[] stacked;
  private final long length;
  private final boolean reverse;

  private ScanStep(
      InitialCarries initial,
      LoopEntry entry,
      BoundProgram body,
      MemorySegment[] scanned,
      MemorySegment[] stacked,
      long length,
      boolean reverse) {
    this.initial = initial;
    this.entry = entry;
    this.body = body;
    this.scanned = scanned;
    this.stacked = stacked;
    this.length = length;
    this.reverse = reverse;
  }

  static StepKernel prepare(ScanKernel scan, CpuExecutable body) {
    return binding -> bind(scan, body, binding);
  }

  private static BoundStep bind(ScanKernel scan, CpuExecutable body, StepBinding binding) {
    int carries = scan.carries();
    int firstCapture = carries + scan.scanned();
    int countReads = binding.countReads();
    LoopEntry entry = new LoopEntry();
    BodyMemory memory = new BodyMemory(binding);
    for (int i = 0; i < carries; i++) {
      memory.name(BodyVariables.carry(i), countReads + i);
    }
    for (int i = firstCapture; i < countReads; i++) {
      memory.nameInvariant(BodyVariables.capture(i - firstCapture), i, entry);
    }
    BoundProgram bound = memory.bind(body, binding.segments().size() - 1);
    MemorySegment[] scanned = new MemorySegment[bound.countInputs()];
    for (int i = 0; i < scanned.length; i++) {
      scanned[i] = binding.segment(carries + i);
    }
    MemorySegment[] stacked = new MemorySegment[bound.countOutputs()];
    for (int i = 0; i < stacked.length; i++) {
      stacked[i] = binding.segment(countReads + carries + i);
    }
    return new ScanStep(
        new InitialCarries(binding, carries, countReads),
        entry,
        bound,
        scanned,
        stacked,
        binding.sizes().of(scan.length()),
        scan.reverse());
  }

  @Override
  public Optional<Step> run(BodyRun bodies, int first) {
    initial.copy();
    entry.run();
    for (long i = 0; i < length; i++) {
      long t = reverse ? length - 1 - i : i;
      copySlicesIn(t);
      Optional<Step> found = bodies.run(body, first);
      if (found.isPresent()) {
        return found;
      }
      copyElementsOut(t);
      body.commit();
    }
    return Optional.empty();
  }

  private void copySlicesIn(long t) {
    for (int i = 0; i < scanned.length; i++) {
      MemorySegment slice = body.input(i);
      MemorySegment.copy(scanned[i], t * slice.byteSize(), slice, 0, slice.byteSize());
    }
  }

  private void copyElementsOut(long t) {
    for (int i = 0; i < stacked.length; i++) {
      MemorySegment element = body.output(i);
      MemorySegment.copy(element, 0, stacked[i], t * element.byteSize(), element.byteSize());
    }
  }
}
