package dev.dlm.benchmarks.peer.pytorch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** What several networks are made of. */
final class Layers {
  private Layers() {}

  /** A dense layer. */
  record Dense(Tensor weight, Tensor bias) {
    static Dense of(Tensors tensors, String name, int inputs, int outputs) {
      return new Dense(
          tensors.weight(name + ".w", inputs, outputs), tensors.bias(name + ".b", outputs));
    }

    Tensor apply(Tensor x) {
      return torch.addmm(bias, x, weight);
    }
  }

  /** A convolution whose padding keeps sizes but for the stride. */
  record Convolution(Tensor weight, TensorOptional bias, int kernel, int stride) {
    static Convolution of(
        Tensors tensors, String name, int channels, int outputs, int kernel, int stride) {
      Tensor weight = tensors.weight(name + ".w", outputs, channels, kernel, kernel);
      TensorOptional bias = new TensorOptional(tensors.bias(name + ".b", outputs));
      return new Convolution(weight, bias, kernel, stride);
    }

    static Convolution withoutBias(
        Tensors tensors, String name, int channels, int outputs, int kernel, int stride) {
      Tensor weight = tensors.weight(name + ".w", outputs, channels, kernel, kernel);
      return new Convolution(weight, new TensorOptional(), kernel, stride);
    }

    Tensor apply(Tensor x) {
      return torch.conv2d(x, weight, bias, square(stride), square(kernel / 2), square(1), 1);
    }
  }

  /** A layer normalization. */
  record LayerNorm(TensorOptional scale, TensorOptional shift, int width) {
    static LayerNorm of(Tensors tensors, String name, int width) {
      return new LayerNorm(
          new TensorOptional(tensors.scale(name + ".scale", width)),
          new TensorOptional(tensors.bias(name + ".shift", width)),
          width);
    }

    Tensor apply(Tensor x) {
      return torch.layer_norm(x, new long[] {width}, scale, shift, 1e-5, false);
    }
  }

  /** A batch normalization by the statistics of its batch. */
  record BatchNorm(TensorOptional scale, TensorOptional shift, TensorOptional none) {
    static BatchNorm of(Tensors tensors, String scale, String shift, int channels) {
      return new BatchNorm(
          new TensorOptional(tensors.scale(scale, channels)),
          new TensorOptional(tensors.bias(shift, channels)),
          new TensorOptional());
    }

    Tensor apply(Tensor x) {
      return torch.batch_norm(x, scale, shift, none, none, true, 0.1, 1e-5, false);
    }
  }

  /**
   * What a part of a network computes; whatever else it made is freed at once, so that the next
   * part finds its memory in the caches.
   */
  static Tensor alone(Supplier<Tensor> part) {
    Tensor result;
    try (PointerScope _ = new PointerScope()) {
      // What is computed in place is a view of a handle that ends with the scope.
      result = new Tensor(part.get()).retainReference();
    }
    PointerScope.getInnerScope().attach(result);
    result.releaseReference();
    return result;
  }

  /** Maximum of windows. */
  static Tensor max(Tensor x, int window, int stride, int padding) {
    return torch.max_pool2d(x, square(window), square(stride), square(padding), square(1), false);
  }

  private static long[] square(int size) {
    return new long[] {size, size};
  }
}
