package dev.dlm.benchmarks.work;

import java.util.List;

/**
 * One piece of work that every engine does: the same inputs and weights, the same arithmetic,
 * single precision.
 *
 * <p>Tensors take their elements from {@link Values} by the names that stand here, so that what
 * engines compute can be compared:
 *
 * <ul>
 *   <li>what is fed, and {@code w} of {@link Formula#GELU}, from {@link Values#input}; labels and
 *       tokens from {@link Values#index}, bounded by the classes or the vocabulary;
 *   <li>biases and shifts from {@link Values#bias}, scales from {@link Values#scale};
 *   <li>all other weights, and {@code b} of {@link Product}, from {@link Values#weight}: of a
 *       matrix each output has as many inputs as there are rows, of a convolution as its channels
 *       times the kernel's area, of a table as it is wide.
 * </ul>
 */
public sealed interface Workload {

  /** The key of the work in reports: the row, and the size where a row has several. */
  String name();

  /** The row of the table that this work belongs to. */
  String row();

  /** Whether a run is a training step, which changes the weights. */
  default boolean trains() {
    return switch (this) {
      case MlpTraining _, CnnTraining _, Resnet18Training _, LstmTraining _ -> true;
      case Encoder(boolean training) -> training;
      case Product _, Resnet50Inference _, Gpt2Forward _, MlpLatency _, Elementwise _ -> false;
    };
  }

  /**
   * Matrix product {@code c[rows, columns] = a[rows, depth] · b[depth, columns]}; {@code b} is
   * constant. Operands {@code a} and {@code b}; result {@code c}.
   */
  record Product(String row, int rows, int columns, int depth) implements Workload {
    @Override
    public String name() {
      return row + "-" + rows + "x" + columns + "x" + depth;
    }
  }

  /** What a training step does with the gradients. */
  enum Optimizer {
    /** {@code w -= 0.01 g} */
    SGD,
    /** {@code m = 0.9 m + g; w -= 0.01 m} */
    MOMENTUM,
    /** Rate 0.001, moments 0.9 and 0.999, epsilon 1e-8, corrected for the start. */
    ADAM
  }

  /**
   * A training step of dense layers 784–128–128–10 with bias and ReLU between, mean softmax cross
   * entropy, 128 images that are fed from host arrays at each step. Inputs {@code image[128, 784]},
   * {@code label[128]}; weights {@code dense1.w[784, 128]}, {@code dense1.b[128]}, {@code
   * dense2.…}, {@code dense3.w[128, 10]}, {@code dense3.b[10]}. Result: the loss before the step.
   */
  record MlpTraining(Optimizer optimizer) implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return optimizer == Optimizer.ADAM ? "mlp-train-adam" : "mlp-train";
    }
  }

  /**
   * A training step of convolution 5×5 to 32 channels, ReLU, maximum of 2×2, convolution 5×5 to 64,
   * ReLU, maximum of 2×2, dense 1024, ReLU, dense 10; padding keeps sizes; SGD, 64 images. Inputs
   * {@code image[64, 1, 28, 28]}, {@code label[64]}; weights {@code conv1.w[32, 1, 5, 5]}, {@code
   * conv1.b[32]}, {@code conv2.w[64, 32, 5, 5]}, {@code conv2.b}, {@code dense1.w[3136, 1024]},
   * {@code dense1.b}, {@code dense2.w[1024, 10]}, {@code dense2.b}. Channels come before rows and
   * columns where a layer is flattened. Result: the loss before the step.
   */
  record CnnTraining() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "cnn-train";
    }
  }

  /**
   * ResNet-50 version 1.5 (strides in the 3×3 convolutions) on one image of 224×224, normalizations
   * folded into convolutions with bias. Input {@code image[1, 3, 224, 224]}; result: 1,000 logits.
   * Weights {@code stem.w[64, 3, 7, 7]}, {@code stem.b}; for stage {@code s} in 0…3 and block
   * {@code i}: {@code stage[s].block[i].conv1.w} (1×1), {@code .conv2.w} (3×3), {@code .conv3.w}
   * (1×1), {@code .shortcut.w} in the first block of a stage, {@code .b} beside each; {@code
   * dense.w[2048, 1000]}, {@code dense.b}.
   */
  record Resnet50Inference() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "resnet50-infer";
    }
  }

  /**
   * A training step of ResNet-18 for 32×32 images: first convolution 3×3 to 64 channels without
   * pooling, stages of 64, 128, 256 and 512 channels with two blocks each, batch normalization in
   * training mode (epsilon 1e-5), mean over positions, dense 10, momentum; 32 images. Inputs {@code
   * image[32, 3, 32, 32]}, {@code label[32]}. Weights {@code stem.w}, {@code stem.scale}, {@code
   * stem.shift}; {@code stage[s].block[i].conv1.w}, {@code .scale1}, {@code .shift1}, {@code
   * .conv2.w}, {@code .scale2}, {@code .shift2}, and where the size changes {@code .shortcut.w},
   * {@code .shortcut.scale}, {@code .shortcut.shift}; {@code dense.w[512, 10]}, {@code dense.b}.
   * Result: the loss before the step.
   */
  record Resnet18Training() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "resnet18-train";
    }
  }

  /**
   * A training step of a long short-term memory with 128 inputs and 256 hidden values over 64
   * steps, dense 64 on the last hidden value, mean softmax cross entropy, SGD, 32 sequences. Inputs
   * {@code sequence[32, 64, 128]}, {@code label[32]}; weights {@code lstm.w[384, 1024]} (rows:
   * input, then hidden; columns: input, forget, cell and output gate), {@code lstm.b[1024]}, {@code
   * dense.w[256, 64]}, {@code dense.b}. Result: the loss before the step.
   */
  record LstmTraining() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "lstm-train";
    }
  }

  /**
   * A transformer encoder on {@code x[8, 128, 256]}: 4 layers, 4 heads, feed-forward 1024 with GELU
   * (tanh form), layer normalization (epsilon 1e-5) after each residual sum. Weights for layer
   * {@code l}: {@code layer[l].query.w[256, 256]}, {@code .query.b}, {@code .key.…}, {@code
   * .value.…}, {@code .out.…}, {@code .norm1.scale}, {@code .norm1.shift}, {@code .up.w[256,
   * 1024]}, {@code .up.b}, {@code .down.w[1024, 256]}, {@code .down.b}, {@code .norm2.…}. Result of
   * inference: the last layer's output; of a training step: the mean square difference from {@code
   * target[8, 128, 256]} before the step, minimized by Adam.
   */
  record Encoder(boolean training) implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return training ? "encoder-train" : "encoder-infer";
    }
  }

  /**
   * GPT-2 small on {@code tokens[1, 128]}: token table {@code tokens.table[50257, 768]} and
   * position table {@code positions.table[1024, 768]}, 12 layers of width 768 with 12 heads,
   * causal, layer normalization before attention and feed-forward 3072 with GELU (tanh form), a
   * last normalization {@code norm.…}, logits of the last position over the token table. Weights of
   * a layer as in {@link Encoder}. Result: the logits.
   */
  record Gpt2Forward() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "gpt2-forward";
    }
  }

  /**
   * The forward pass of {@link MlpTraining}'s network with softmax for one image {@code image[1,
   * 784]}, from host array to host array, timed call by call.
   */
  record MlpLatency() implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return "mlp-latency";
    }
  }

  /** What {@link Elementwise} computes of {@code x[4096, 1024]}. */
  enum Formula {
    /**
     * {@code gelu_tanh(x * w + b) + r} with {@code w[1024]}, {@code b[1024]}, {@code r[4096,
     * 1024]}.
     */
    GELU,
    /** Over the last axis, epsilon 1e-5, with {@code scale[1024]} and {@code shift[1024]}. */
    LAYERNORM,
    /** Over the last axis. */
    SOFTMAX
  }

  /**
   * A chain of element-wise operations and reductions over {@code x[4096, 1024]}, bound by memory.
   */
  record Elementwise(Formula formula) implements Workload {
    @Override
    public String name() {
      return row();
    }

    @Override
    public String row() {
      return formula.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** All work, in the order of the table. */
  static List<Workload> all() {
    return List.of(
        new Product("gemm", 256, 256, 256),
        new Product("gemm", 512, 512, 512),
        new Product("gemm", 1024, 1024, 1024),
        new Product("gemm", 2048, 2048, 2048),
        new Product("gemm-thin", 128, 128, 784),
        new Product("gemm-thin", 32, 3072, 768),
        new Product("gemm-thin", 128, 768, 3072),
        new Product("gemv", 1, 128, 784),
        new MlpTraining(Optimizer.SGD),
        new MlpTraining(Optimizer.ADAM),
        new CnnTraining(),
        new Resnet50Inference(),
        new Resnet18Training(),
        new LstmTraining(),
        new Encoder(false),
        new Encoder(true),
        new Gpt2Forward(),
        new MlpLatency(),
        new Elementwise(Formula.GELU),
        new Elementwise(Formula.LAYERNORM),
        new Elementwise(Formula.SOFTMAX));
  }
}
