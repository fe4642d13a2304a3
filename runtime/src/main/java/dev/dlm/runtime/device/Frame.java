package dev.dlm.runtime.device;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One call in flight of a program: write the inputs, run, read the outputs, again and again. Used
 * by one thread at a time. A run that writes variables must not overlap with other runs that use
 * them; the session sees to that.
 */
public interface Frame extends AutoCloseable {
  /**
   * Copies an input in, by its place in the program's inputs; the segment has exactly the input's
   * bytes.
   */
  void writeInput(int index, MemorySegment source);

  /** Executes all steps, then copies updates that were not made in place into their variables. */
  void run();

  /**
   * Like {@link #run}, but looks at what each step wrote, and stops before updates are copied at
   * the first step that writes a floating-point value which is infinite or NaN.
   *
   * @return that step, if there is one
   */
  Optional<NonFiniteStep> runChecked();

  /**
   * Like {@link #run}, but tells when each step begins and ends. Waits for each step, so that a
   * device which takes work ahead is slower here.
   */
  void runObserved(StepObserver observer);

  /** Fills a segment with an output, by its place in the program's outputs. */
  void readOutput(int index, MemorySegment target);

  /** The bytes of this frame: arena and scratch memory. */
  long sizeBytes();

  @Override
  void close();
}
