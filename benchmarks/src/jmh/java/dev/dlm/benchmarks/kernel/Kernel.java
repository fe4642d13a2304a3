package dev.dlm.benchmarks.kernel;

import dev.dlm.benchmarks.work.Values;
import java.util.Map;

/**
 * A model that is one kernel over variables: nothing is packed before, and nothing copied in or
 * out.
 */
public enum Kernel {
  /** A matrix product. */
  PRODUCT(
      """
      model Kernel {
        weight a: f32[512, 512] = zeros
        weight b: f32[512, 512] = zeros
        output y = a @ b
      }
      """) {
    @Override
    double firstElement(Map<String, float[]> weights) {
      double sum = 0;
      for (int i = 0; i < 512; i++) {
        sum += (double) element(weights, "a", i) * element(weights, "b", i * 512);
      }
      return sum;
    }
  },

  /** A convolution of 3×3 pixels. */
  CONVOLUTION(
      """
      model Kernel {
        weight a: f32[16, 64, 32, 32] = zeros
        weight b: f32[64, 64, 3, 3] = zeros
        output y = convolution(a, b, 1, 1)
      }
      """) {
    @Override
    double firstElement(Map<String, float[]> weights) {
      double sum = 0;
      for (int channel = 0; channel < 64; channel++) {
        for (int row = 0; row < 2; row++) {
          for (int column = 0; column < 2; column++) {
            sum +=
                (double) element(weights, "a", (channel * 32 + row) * 32 + column)
                    * element(weights, "b", (channel * 3 + row + 1) * 3 + column + 1);
          }
        }
      }
      return sum;
    }
  },

  /** A fused loop: element-wise operations between two passes over each row. */
  LOOP(
      """
      model Kernel {
        weight a: f32[1024, 1024] = zeros
        weight b: f32[1024] = zeros
        output y = softmax(tanh(a) + b)
      }
      """) {
    @Override
    double firstElement(Map<String, float[]> weights) {
      double sum = 0;
      for (int i = 0; i < 1024; i++) {
        sum += Math.exp(Math.tanh(element(weights, "a", i)) + element(weights, "b", i));
      }
      return Math.exp(Math.tanh(element(weights, "a", 0)) + element(weights, "b", 0)) / sum;
    }
  };

  private final String model;

  Kernel(String model) {
    this.model = "import nn\n" + model;
  }

  /** The model's file. */
  String model() {
    return model;
  }

  /** The first element of the result, in double precision. */
  abstract double firstElement(Map<String, float[]> weights);

  /** The elements of a variable. */
  static float[] elements(String name, int count) {
    return Values.input(name, count);
  }

  private static float element(Map<String, float[]> weights, String name, int index) {
    float[] elements = weights.get(name);
    if (elements == null) {
      throw new IllegalStateException("the kernel has no variable " + name);
    }
    return elements[index];
  }
}
