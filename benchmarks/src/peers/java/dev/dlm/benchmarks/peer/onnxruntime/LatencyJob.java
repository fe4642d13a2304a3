package dev.dlm.benchmarks.peer.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.work.Values;

/** A caller whose image comes from a host array, and whose result goes to one. */
final class LatencyJob implements Job {
  private final OrtSession session;
  private final OnnxModel model;
  private final AutoCloseable owned;
  private final Caller caller;
  private final float[] image = Values.input("image", 784);
  private final float[] probabilities = new float[10];

  /**
   * A caller.
   *
   * @param owned what is closed with this caller
   */
  LatencyJob(OrtSession session, OnnxModel model, AutoCloseable owned) throws OrtException {
    this.session = session;
    this.model = model;
    this.owned = owned;
    caller = new Caller(session, model);
  }

  @Override
  public void run() throws OrtException {
    caller.input("image").put(0, image);
    caller.run();
    caller.output().get(0, probabilities);
  }

  @Override
  public float[] result() {
    return probabilities;
  }

  @Override
  public Job anotherCaller() throws OrtException {
    return new LatencyJob(session, model, () -> {});
  }

  @Override
  public void close() throws Exception {
    caller.close();
    owned.close();
  }
}
