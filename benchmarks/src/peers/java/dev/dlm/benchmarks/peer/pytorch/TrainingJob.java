package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.engine.Job;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;

/** Steps of training. */
final class TrainingJob implements Job {
  private final Network network;
  private final List<Feed> feeds;
  private final Optimizer optimizer;
  private final Tensors tensors;
  private float loss;

  /**
   * A training.
   *
   * @param tensors what is closed with the job
   */
  TrainingJob(Network network, List<Feed> feeds, Optimizer optimizer, Tensors tensors) {
    this.network = network;
    this.feeds = feeds;
    this.optimizer = optimizer;
    this.tensors = tensors;
  }

  @Override
  public void run() {
    for (Feed feed : feeds) {
      feed.copy();
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor result = network.compute();
      result.backward();
      optimizer.step();
      optimizer.zero_grad();
      loss = result.item_float();
    }
  }

  @Override
  public float[] result() {
    return new float[] {loss};
  }

  @Override
  public void close() {
    optimizer.close();
    tensors.close();
  }
}
