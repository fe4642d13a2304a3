package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.cli.console.Version;
import dev.dlm.compiler.Compiler;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** dlm: from a {@code .dlm} file through the compiler to a session on the processor. */
public final class DlmEngine implements Engine {
  @Override
  public String name() {
    return "dlm";
  }

  @Override
  public String version() {
    return Version.LINE;
  }

  @Override
  public Optional<Job> prepare(Workload work, int threads) {
    Source source = Source.of(work);
    Plan plan =
        Compiler.compile(source.elaborate().graph()).restrictedTo(List.of(source.signature()));
    SessionOptions options = SessionOptions.defaults().withThreads(threads);
    boolean training = source.signature().equals(Graph.TRAIN);
    return Optional.of(
        training ? training(work, plan, options) : inference(work, plan, options, source));
  }

  /** Weights are variables; moments of optimizers and counters begin as zeros. */
  private static Job training(Workload work, Plan plan, SessionOptions options) {
    Session session = Session.open(plan, options);
    Map<String, Tensor> weights = new HashMap<>();
    for (Variable variable : plan.sharedVariables()) {
      if (variable.role() == Variable.Role.WEIGHT) {
        long[] sizes = variable.type().shape().asLongs();
        weights.put(variable.name(), Tensor.of(Weights.of(work, variable), sizes));
      }
    }
    session.variables().write(weights);
    return new DlmJob(session, Graph.TRAIN, Inputs.ofArrays(work), "loss", session::close);
  }

  /** Weights never change, as those of a compiled model. */
  private static Job inference(Workload work, Plan plan, SessionOptions options, Source source) {
    Arena arena = Arena.ofShared();
    Map<String, MemorySegment> weights = new HashMap<>();
    for (Variable variable : plan.sharedVariables()) {
      float[] elements = Weights.of(work, variable);
      MemorySegment memory =
          arena.allocate((long) elements.length * Float.BYTES, Program.ALIGNMENT);
      MemorySegment.copy(elements, 0, memory, ValueLayout.JAVA_FLOAT, 0, elements.length);
      weights.put(variable.name(), memory);
    }
    Session session = Session.open(plan, options, weights);
    String output = plan.program(source.signature()).outputs().getFirst().name();
    Runnable cleanUp =
        () -> {
          session.close();
          arena.close();
        };
    return work instanceof Workload.MlpLatency
        ? new DlmJob(session, source.signature(), Inputs.ofArrays(work), output, cleanUp)
        : new DlmJob(
            session, source.signature(), Inputs.ofMemory(work, arena), output, arena, cleanUp);
  }
}
