package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.Convolution;
import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** ResNet-50 with the normalizations folded. */
record Resnet50(Convolution stem, List<Block> blocks, Dense dense) {
  private static final int[] BLOCKS = {3, 4, 6, 3};

  /** Three convolutions beside a shortcut, which is empty where it is the identity. */
  record Block(
      Convolution first, Convolution second, Convolution third, List<Convolution> shortcut) {
    Tensor apply(Tensor x) {
      Tensor y = third.apply(second.apply(first.apply(x).relu_()).relu_());
      return y.add_(shortcut.isEmpty() ? x : shortcut.getFirst().apply(x)).relu_();
    }
  }

  static Resnet50 of(Tensors tensors) {
    Convolution stem = Convolution.of(tensors, "stem", 3, 64, 7, 2);
    List<Block> blocks = new ArrayList<>();
    int channels = 64;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      for (int i = 0; i < BLOCKS[stage]; i++) {
        String name = "stage[" + stage + "].block[" + i + "].";
        int width = 64 << stage;
        int stride = stage > 0 && i == 0 ? 2 : 1;
        blocks.add(
            new Block(
                Convolution.of(tensors, name + "conv1", channels, width, 1, 1),
                Convolution.of(tensors, name + "conv2", width, width, 3, stride),
                Convolution.of(tensors, name + "conv3", width, 4 * width, 1, 1),
                i > 0
                    ? List.of()
                    : List.of(
                        Convolution.of(
                            tensors, name + "shortcut", channels, 4 * width, 1, stride))));
        channels = 4 * width;
      }
    }
    return new Resnet50(stem, List.copyOf(blocks), Dense.of(tensors, "dense", 2048, 1000));
  }

  Tensor logits(Tensor image) {
    Tensor x = Layers.max(stem.apply(image).relu_(), 3, 2, 1);
    for (Block block : blocks) {
      Tensor before = x;
      x = Layers.alone(() -> block.apply(before));
    }
    return dense.apply(x.mean(2, 3));
  }
}
