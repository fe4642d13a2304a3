package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.LoopEntry;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.cpu.step.StepKernel;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.Step;
import dev.dlm.plan.WhileKernel;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** {@link WhileKernel}: condition and body are bound once and run in turn. */
final class WhileStep implements ControlStep {
  private final InitialCarries initial;
  private final LoopEntry entry;
  private final BoundProgram condition;
  private final BoundProgram body;
  private final long limit;

  private WhileStep(
      InitialCarries initial,
      LoopEntry entry,
      BoundProgram condition,
      BoundProgram body,
      long limit) {
    this.initial = initial;
    this.entry = entry;
    this.condition = condition;
    this.body = body;
    this.limit = limit;
  }

  static StepKernel prepare(WhileKernel loop, CpuExecutable condition, CpuExecutable body) {
    return binding -> bind(loop, condition, body, binding);
  }

  private static BoundStep bind(
      WhileKernel loop, CpuExecutable condition, CpuExecutable body, StepBinding binding) {
    int carries = loop.carries();
    int countReads = binding.countReads();
    LoopEntry entry = new LoopEntry();
    BodyMemory memory = new BodyMemory(binding);
    for (int i = 0; i < carries; i++) {
      memory.name(BodyVariables.carry(i), countReads + i);
    }
    for (int i = carries; i < countReads; i++) {
      memory.nameInvariant(BodyVariables.capture(i - carries), i, entry);
    }
    return new WhileStep(
        new InitialCarries(binding, carries, countReads),
        entry,
        memory.bind(condition, countReads + carries),
        memory.bind(body, countReads + carries + 1),
        loop.limit());
  }

  @Override
  public Optional<Step> run(BodyRun bodies, int first) {
    initial.copy();
    entry.run();
    for (long i = 0; limit == 0 || i < limit; i++) {
      Optional<Step> found = bodies.run(condition, first);
      if (found.isPresent() || condition.output(0).get(ValueLayout.JAVA_BYTE, 0) == 0) {
        return found;
      }
      found = bodies.run(body, first + condition.countNumbers());
      if (found.isPresent()) {
        return found;
      }
      body.commit();
    }
    return Optional.empty();
  }
}
