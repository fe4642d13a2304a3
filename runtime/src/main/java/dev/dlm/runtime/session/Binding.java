package dev.dlm.runtime.session;

import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;

/** A program with sizes bound, and its frames. Changed by {@link FramePool}. */
final class Binding {
  private final PreparedProgram prepared;
  private final Sizes sizes;
  private final long frameBytes;
  private final long[][] outputSizes;
  private final long[] outputBytes;

  /** All frames, lent or at rest; guarded by the pool. */
  final List<PooledFrame> frames = new ArrayList<>();

  /** When a frame was last lent, on the pool's clock. */
  volatile long lastUse;

  /** Whether the pool keeps frames of this binding; written by the pool alone. */
  volatile boolean kept;

  /**
   * @throws ArithmeticException if a size exceeds 63 bits
   */
  Binding(PreparedProgram prepared, Sizes sizes) {
    this.prepared = prepared;
    this.sizes = sizes;
    Program program = prepared.program();
    this.frameBytes = Math.addExact(sizes.of(program.arenaBytes()), prepared.streamBytes());
    List<Program.Port> outputs = program.outputs();
    this.outputSizes = new long[outputs.size()][];
    this.outputBytes = new long[outputs.size()];
    for (int i = 0; i < outputBytes.length; i++) {
      outputSizes[i] = sizes.of(outputs.get(i).view().type().shape());
      outputBytes[i] = sizes.of(outputs.get(i).view().type().sizeBytes());
    }
  }

  PreparedProgram prepared() {
    return prepared;
  }

  Sizes sizes() {
    return sizes;
  }

  /** The bytes of a frame that are known before it is made. */
  long frameBytes() {
    return frameBytes;
  }

  long[] outputSizes(int index) {
    return outputSizes[index];
  }

  long outputBytes(int index) {
    return outputBytes[index];
  }
}
