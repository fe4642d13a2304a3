package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.BatchNorm;
import dev.dlm.benchmarks.peer.pytorch.Layers.Convolution;
import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** ResNet-18 for small images. */
record Resnet18(Normalized stem, List<Block> blocks, Dense dense) {
  /** A convolution and the batch normalization of what it gives. */
  record Normalized(Convolution convolution, BatchNorm norm) {
    Tensor apply(Tensor x) {
      return norm.apply(convolution.apply(x));
    }
  }

  /** Two convolutions beside a shortcut, which is empty where it is the identity. */
  record Block(Normalized first, Normalized second, List<Normalized> shortcut) {
    Tensor apply(Tensor x) {
      Tensor y = second.apply(first.apply(x).relu_());
      return y.add_(shortcut.isEmpty() ? x : shortcut.getFirst().apply(x)).relu_();
    }
  }

  static Resnet18 of(Tensors tensors) {
    Normalized stem =
        new Normalized(
            Convolution.withoutBias(tensors, "stem", 3, 64, 3, 1),
            BatchNorm.of(tensors, "stem.scale", "stem.shift", 64));
    List<Block> blocks = new ArrayList<>();
    int channels = 64;
    for (int stage = 0; stage < 4; stage++) {
      for (int i = 0; i < 2; i++) {
        String name = "stage[" + stage + "].block[" + i + "].";
        blocks.add(block(tensors, name, channels, 64 << stage));
        channels = 64 << stage;
      }
    }
    return new Resnet18(stem, List.copyOf(blocks), Dense.of(tensors, "dense", 512, 10));
  }

  private static Block block(Tensors tensors, String name, int channels, int width) {
    int stride = channels == width ? 1 : 2;
    Normalized first =
        new Normalized(
            Convolution.withoutBias(tensors, name + "conv1", channels, width, 3, stride),
            BatchNorm.of(tensors, name + "scale1", name + "shift1", width));
    Normalized second =
        new Normalized(
            Convolution.withoutBias(tensors, name + "conv2", width, width, 3, 1),
            BatchNorm.of(tensors, name + "scale2", name + "shift2", width));
    if (channels == width) {
      return new Block(first, second, List.of());
    }
    Normalized shortcut =
        new Normalized(
            Convolution.withoutBias(tensors, name + "shortcut", channels, width, 1, stride),
            BatchNorm.of(tensors, name + "shortcut.scale", name + "shortcut.shift", width));
    return new Block(first, second, List.of(shortcut));
  }

  Tensor logits(Tensor image) {
    Tensor x = stem.apply(image).relu_();
    for (Block block : blocks) {
      Tensor before = x;
      x = Layers.alone(() -> block.apply(before));
    }
    return dense.apply(x.mean(2, 3));
  }
}
