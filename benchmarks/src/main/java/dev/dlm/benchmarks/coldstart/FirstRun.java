package dev.dlm.benchmarks.coldstart;

import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Workload;
import java.util.Optional;

/** The same for a peer, which builds the network first. */
public final class FirstRun {
  private FirstRun() {}

  /**
   * Prints the first result, and the resident memory at that point; nothing if the engine does not
   * take part.
   *
   * @param arguments the engine's class
   */
  public static void main(String[] arguments) throws Exception {
    Engine engine =
        Class.forName(arguments[0]).asSubclass(Engine.class).getConstructor().newInstance();
    Optional<Job> prepared = engine.prepare(new Workload.MlpLatency(), 1);
    if (prepared.isPresent()) {
      Job job = prepared.get();
      job.run();
      System.out.println(job.result()[0]);
      System.out.println(ResidentMemory.mostBytes());
    }
    // Threads that the engine left behind do not keep the process.
    System.exit(0);
  }
}
