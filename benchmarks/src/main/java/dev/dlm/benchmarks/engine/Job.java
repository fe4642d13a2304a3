package dev.dlm.benchmarks.engine;

/** Work that is ready to run, again and again. */
public interface Job extends AutoCloseable {

  /**
   * Does the work once: a call, or a training step, which changes the weights. Inputs lie where a
   * user of the engine would have them; those of training steps and of latencies are host arrays at
   * every run.
   */
  void run() throws Exception;

  /** What {@link #run} gave last: the output, or the loss. */
  float[] result() throws Exception;

  /** Does the work for one more thread that calls at the same time; not for training. */
  default Job anotherCaller() throws Exception {
    throw new UnsupportedOperationException("one caller at a time");
  }

  @Override
  void close() throws Exception;
}
