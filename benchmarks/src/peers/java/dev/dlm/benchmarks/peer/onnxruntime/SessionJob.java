package dev.dlm.benchmarks.peer.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.dlm.benchmarks.engine.Job;

/** A session with one caller, from buffer to buffer. */
final class SessionJob implements Job {
  private final OrtSession session;
  private final Caller caller;

  SessionJob(OrtSession session, OnnxModel model) throws OrtException {
    this.session = session;
    caller = new Caller(session, model);
  }

  @Override
  public void run() throws OrtException {
    caller.run();
  }

  @Override
  public float[] result() {
    float[] result = new float[caller.output().capacity()];
    caller.output().get(0, result);
    return result;
  }

  @Override
  public void close() throws OrtException {
    caller.close();
    session.close();
  }
}
