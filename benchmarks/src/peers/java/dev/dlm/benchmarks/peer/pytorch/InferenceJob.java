package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.engine.Job;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** Calls of a network whose inputs lie in tensors; its last output is kept. */
final class InferenceJob implements Job {
  private final Network network;
  private final Tensors tensors;
  private Tensor output = new Tensor();

  /**
   * A job.
   *
   * @param tensors what is closed with the job
   */
  InferenceJob(Network network, Tensors tensors) {
    this.network = network;
    this.tensors = tensors;
  }

  @Override
  public void run() {
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode()) {
      output.close();
      // A handle of its own: what is computed in place is a view of one that ends with the scope.
      output = new Tensor(network.compute()).retainReference();
    }
  }

  @Override
  public float[] result() {
    return Tensors.elements(output);
  }

  @Override
  public void close() {
    output.close();
    tensors.close();
  }
}
