package dev.dlm.opencl;

/** A part of a step with everything resolved that it needs to run. */
interface FrameStep extends AutoCloseable {
  /** Starts the work, to be done after all that was started before. */
  void enqueue();

  @Override
  void close();
}
