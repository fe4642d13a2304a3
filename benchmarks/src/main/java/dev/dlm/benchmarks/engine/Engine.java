package dev.dlm.benchmarks.engine;

import dev.dlm.benchmarks.work.Workload;
import java.util.Optional;

/**
 * A library that can do workloads. Found through {@link java.util.ServiceLoader}; one process runs
 * one.
 */
public interface Engine {

  /** The name on the command line and in reports. */
  String name();

  /** The library's version. */
  String version();

  /**
   * Builds the model of some work, with weights in place.
   *
   * @param threads how many threads may compute, the caller's among them
   * @return empty if this engine does not take part in such work
   */
  Optional<Job> prepare(Workload work, int threads) throws Exception;
}
