package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** A call of a session that is made again and again, with the same inputs. */
final class DlmJob implements Job {
  private final Session session;
  private final String signature;
  private final Map<String, Tensor> inputs;
  private final String output;
  private final Runnable cleanUp;
  private final Call call;
  private final MemorySegment result;

  /**
   * A call whose output goes to an array.
   *
   * @param cleanUp what closing the job does
   */
  DlmJob(
      Session session,
      String signature,
      Map<String, Tensor> inputs,
      String output,
      Runnable cleanUp) {
    this(session, signature, inputs, output, Optional.empty(), cleanUp);
  }

  /** A call whose output goes to memory off the heap. */
  DlmJob(
      Session session,
      String signature,
      Map<String, Tensor> inputs,
      String output,
      Arena arena,
      Runnable cleanUp) {
    this(session, signature, inputs, output, Optional.of(arena), cleanUp);
  }

  private DlmJob(
      Session session,
      String signature,
      Map<String, Tensor> inputs,
      String output,
      Optional<Arena> arena,
      Runnable cleanUp) {
    this.session = session;
    this.signature = signature;
    this.inputs = inputs;
    this.output = output;
    this.cleanUp = cleanUp;
    call = session.prepare(signature);
    inputs.forEach(call::input);
    int count =
        Math.toIntExact(LongStream.of(call.outputSizes(output)).reduce(1, Math::multiplyExact));
    result =
        arena.isPresent()
            ? arena.get().allocate((long) count * Float.BYTES, Program.ALIGNMENT)
            : MemorySegment.ofArray(new float[count]);
    call.output(output, result);
  }

  @Override
  public void run() {
    call.run();
  }

  @Override
  public float[] result() {
    return result.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public Job anotherCaller() {
    return new DlmJob(session, signature, inputs, output, () -> {});
  }

  @Override
  public void close() {
    cleanUp.run();
  }
}
