package dev.dlm.benchmarks.work;

import dev.dlm.benchmarks.work.Workload.Encoder;
import dev.dlm.benchmarks.work.Workload.Formula;
import dev.dlm.benchmarks.work.Workload.Product;

/**
 * What one run of some work cannot do without.
 *
 * @param operations additions and multiplications of matrix products and convolutions, computed in
 *     the plain way. A training step takes those of the result, of the gradients of weights and of
 *     the gradients of inputs, the latter without those of what is fed
 * @param memoryBytes inputs and results, read or written once, where memory is what takes the time
 * @param cacheBytes weights read once, where work is too small for anything else to take the time
 */
public record Cost(double operations, double memoryBytes, double cacheBytes) {
  private static final int FLOAT_BYTES = 4;

  /** The cost of a run. */
  public static Cost of(Workload work) {
    return switch (work) {
      case Product(String _, int rows, int columns, int depth) ->
          rows == 1
              ? new Cost(product(1, columns, depth), 0, FLOAT_BYTES * (double) columns * depth)
              : arithmetic(product(rows, columns, depth));
      case Workload.MlpTraining _ ->
          arithmetic(
              2 * product(128, 128, 784) + 3 * product(128, 128, 128) + 3 * product(128, 10, 128));
      case Workload.CnnTraining _ ->
          arithmetic(
              2 * product(64 * 28 * 28, 32, 25)
                  + 3 * product(64 * 14 * 14, 64, 32 * 25)
                  + 3 * product(64, 1024, 3136)
                  + 3 * product(64, 10, 1024));
      case Workload.Resnet50Inference _ -> arithmetic(resnet50());
      case Workload.Resnet18Training _ -> arithmetic(resnet18());
      case Workload.LstmTraining _ ->
          arithmetic(
              64 * (2 * product(32, 1024, 128) + 3 * product(32, 1024, 256))
                  + 3 * product(32, 64, 256));
      case Encoder(boolean training) ->
          arithmetic(
              training
                  ? 3 * 4 * layer(8, 128, 256, 4) - 3 * product(8 * 128, 256, 256)
                  : 4 * layer(8, 128, 256, 4));
      case Workload.Gpt2Forward _ ->
          arithmetic(12 * layer(1, 128, 768, 12) + product(1, 50257, 768));
      case Workload.MlpLatency _ -> {
        double weights = 784 * 128 + 128 * 128 + 128 * 10;
        yield new Cost(2 * weights, 0, FLOAT_BYTES * weights);
      }
      case Workload.Elementwise(Formula formula) -> {
        int tensors = formula == Formula.GELU ? 3 : 2;
        yield new Cost(0, (double) tensors * FLOAT_BYTES * 4096 * 1024, 0);
      }
    };
  }

  private static Cost arithmetic(double operations) {
    return new Cost(operations, 0, 0);
  }

  private static double product(double rows, double columns, double depth) {
    return 2 * rows * columns * depth;
  }

  /**
   * A transformer's layer: four products of the width, two of the feed-forward part, two of each
   * head.
   */
  private static double layer(int sequences, int tokens, int width, int heads) {
    double dense = product((double) sequences * tokens, width, 4.0 * width + 8.0 * width);
    return dense + 2.0 * sequences * heads * product(tokens, tokens, (double) width / heads);
  }

  private static double resnet50() {
    int[] blocks = {3, 4, 6, 3};
    double operations = product(112 * 112, 64, 3 * 49) + product(1, 1000, 2048);
    int channels = 64;
    int side = 56;
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < blocks[stage]; block++) {
        operations += product(side * side, width, channels);
        int before = side;
        if (block == 0 && stage > 0) {
          side = before / 2;
        }
        operations += product(side * side, width, 9.0 * width);
        operations += product(side * side, 4 * width, width);
        if (block == 0) {
          operations += product(side * side, 4 * width, channels);
        }
        channels = 4 * width;
      }
    }
    return operations;
  }

  private static double resnet18() {
    int images = 32;
    double operations = 2 * product(images * 32 * 32, 64, 27) + 3 * product(images, 10, 512);
    int channels = 64;
    int side = 32;
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage;
      if (stage > 0) {
        side /= 2;
        operations += 3 * product(images * side * side, width, channels);
      }
      operations += 3 * product(images * side * side, width, 9.0 * channels);
      operations += 3 * 3 * product(images * side * side, width, 9.0 * width);
      channels = width;
    }
    return operations;
  }
}
