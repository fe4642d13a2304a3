package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.cpu.step.StepKernel;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** {@link dev.dlm.plan.CondKernel}: both programs are bound once, one of them runs. */
final class CondStep implements ControlStep {
  private final MemorySegment predicate;
  private final BoundProgram whenTrue;
  private final BoundProgram whenFalse;

  private CondStep(MemorySegment predicate, BoundProgram whenTrue, BoundProgram whenFalse) {
    this.predicate = predicate;
    this.whenTrue = whenTrue;
    this.whenFalse = whenFalse;
  }

  static StepKernel prepare(CpuExecutable whenTrue, CpuExecutable whenFalse) {
    return binding -> bind(whenTrue, whenFalse, binding);
  }

  private static BoundStep bind(
      CpuExecutable whenTrue, CpuExecutable whenFalse, StepBinding binding) {
    int countReads = binding.countReads();
    int firstArena = binding.segments().size() - 2;
    BodyMemory memory = new BodyMemory(binding);
    for (int i = 1; i < countReads; i++) {
      memory.nameCapture(BodyVariables.capture(i - 1), i);
    }
    for (int i = countReads; i < firstArena; i++) {
      memory.name(BodyVariables.result(i - countReads), i);
    }
    return new CondStep(
        binding.segment(0),
        memory.bind(whenTrue, firstArena),
        memory.bind(whenFalse, firstArena + 1));
  }

  @Override
  public Optional<Step> run(BodyRun bodies, int first) {
    boolean isTrue = predicate.get(ValueLayout.JAVA_BYTE, 0) != 0;
    BoundProgram chosen = isTrue ? whenTrue : whenFalse;
    Optional<Step> found = bodies.run(chosen, isTrue ? first : first + whenTrue.countNumbers());
    if (found.isEmpty()) {
      chosen.commit();
    }
    return found;
  }
}
