package dev.dlm.runtime.device;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * Takes the inputs of the next {@link #run} or {@link #runObserved}, and hears where {@link
   * #readOutput} will be asked to bring the outputs. A frame may use memory that is given here
   * where it is until the outputs are read, instead of copying it: the caller keeps it alive that
   * long, and whoever else writes it meanwhile changes the run.
   *
   * @param inputs by their places in the program's inputs
   * @param outputs by their places in the program's outputs; null where an output is not asked for
   */
  default void begin(@Nullable MemorySegment[] inputs, @Nullable MemorySegment[] outputs) {
    for (int i = 0; i < inputs.length; i++) {
      MemorySegment source = inputs[i];
      if (source != null) {
        writeInput(i, source);
      }
    }
  }

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
