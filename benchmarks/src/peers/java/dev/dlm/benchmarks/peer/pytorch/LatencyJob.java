package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import java.nio.FloatBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A caller of the dense layers, from host array to host array. Each layer writes to a tensor of its
 * own: a call that makes tensors takes twice as long.
 */
final class LatencyJob implements Job {
  private final Mlp mlp;
  private final AutoCloseable owned;
  private final Tensors tensors = new Tensors();
  private final Tensor image = tensors.input("image", 1, 784);
  private final Tensor first = tensors.keep(torch.empty(1, 128));
  private final Tensor second = tensors.keep(torch.empty(1, 128));
  private final Tensor logits = tensors.keep(torch.empty(1, 10));
  private final Feed feed = Feed.of("image", image);
  private final FloatBuffer output = logits.createBuffer();
  private final float[] probabilities = new float[10];

  /**
   * A caller.
   *
   * @param owned what is closed with this caller
   */
  LatencyJob(Mlp mlp, AutoCloseable owned) {
    this.mlp = mlp;
    this.owned = owned;
  }

  @Override
  public void run() {
    feed.copy();
    apply(mlp.first(), image, first).relu_();
    apply(mlp.second(), first, second).relu_();
    apply(mlp.third(), second, logits);
    torch.softmax_out(logits, logits, 1);
    output.get(0, probabilities);
  }

  private static Tensor apply(Dense layer, Tensor x, Tensor result) {
    return torch.addmm_out(result, layer.bias(), x, layer.weight());
  }

  @Override
  public float[] result() {
    return probabilities;
  }

  @Override
  public Job anotherCaller() {
    return new LatencyJob(mlp, () -> {});
  }

  @Override
  public void close() throws Exception {
    tensors.close();
    owned.close();
  }
}
