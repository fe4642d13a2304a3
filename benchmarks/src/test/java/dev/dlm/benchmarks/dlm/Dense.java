package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Optimizer;

/**
 * The three dense layers of {@code mlp.dlm} and their training, in plain loops and double
 * precision.
 */
final class Dense {
  private static final int[] SIZES = {784, 128, 128, 10};

  private final int images;
  private final float[] image;
  private final double[][] weights = new double[6][];
  private final double[][] first = new double[6][];
  private final double[][] second = new double[6][];

  Dense(int images) {
    this.images = images;
    image = Values.input("image", images * SIZES[0]);
    for (int layer = 0; layer < 3; layer++) {
      String name = "dense" + (layer + 1);
      int inputs = SIZES[layer];
      int outputs = SIZES[layer + 1];
      weights[2 * layer] = doubles(Values.weight(name + ".w", inputs * outputs, inputs));
      weights[2 * layer + 1] = doubles(Values.bias(name + ".b", outputs));
    }
    for (int i = 0; i < 6; i++) {
      first[i] = new double[weights[i].length];
      second[i] = new double[weights[i].length];
    }
  }

  /** A row of a matrix times a matrix. */
  static double[] product(float[] a, int from, float[] b, int depth, int columns) {
    double[] sums = new double[columns];
    for (int i = 0; i < depth; i++) {
      for (int column = 0; column < columns; column++) {
        sums[column] += (double) a[from + i] * b[i * columns + column];
      }
    }
    return sums;
  }

  /** One row of classes for each image. */
  double[][] probabilities() {
    double[][] probabilities = new double[images][];
    for (int i = 0; i < images; i++) {
      probabilities[i] = softmax(activations(i)[3]);
    }
    return probabilities;
  }

  /** The loss before the step, which changes the weights. */
  double trainingStep(Optimizer optimizer, int step) {
    int[] labels = Values.index("label", images, 10);
    double[][] gradients = new double[6][];
    for (int i = 0; i < 6; i++) {
      gradients[i] = new double[weights[i].length];
    }
    double loss = 0;
    for (int i = 0; i < images; i++) {
      double[][] activations = activations(i);
      double[] slope = softmax(activations[3]);
      loss -= Math.log(slope[labels[i]]) / images;
      slope[labels[i]] -= 1;
      for (int c = 0; c < slope.length; c++) {
        slope[c] /= images;
      }
      for (int layer = 2; layer >= 0; layer--) {
        slope = backward(layer, activations[layer], slope, gradients);
      }
    }
    for (int i = 0; i < 6; i++) {
      update(optimizer, step, i, gradients[i]);
    }
    return loss;
  }

  /** Adds a layer's gradients, and gives the slope of what it reads. */
  private double[] backward(int layer, double[] x, double[] slope, double[][] gradients) {
    double[] w = weights[2 * layer];
    double[] below = new double[x.length];
    for (int j = 0; j < slope.length; j++) {
      gradients[2 * layer + 1][j] += slope[j];
      for (int i = 0; i < x.length; i++) {
        gradients[2 * layer][i * slope.length + j] += x[i] * slope[j];
        if (layer == 0 || x[i] > 0) {
          below[i] += w[i * slope.length + j] * slope[j];
        }
      }
    }
    return below;
  }

  private void update(Optimizer optimizer, int step, int index, double[] gradient) {
    double[] w = weights[index];
    for (int i = 0; i < w.length; i++) {
      switch (optimizer) {
        case SGD -> w[i] -= 0.01 * gradient[i];
        case MOMENTUM -> {
          first[index][i] = 0.9 * first[index][i] + gradient[i];
          w[i] -= 0.01 * first[index][i];
        }
        case ADAM -> {
          first[index][i] = 0.9 * first[index][i] + 0.1 * gradient[i];
          second[index][i] = 0.999 * second[index][i] + 0.001 * gradient[i] * gradient[i];
          double mean = first[index][i] / (1 - Math.pow(0.9, step));
          double square = second[index][i] / (1 - Math.pow(0.999, step));
          w[i] -= 0.001 * mean / (Math.sqrt(square) + 1e-8);
        }
      }
    }
  }

  /** The image, both hidden layers, and the logits. */
  private double[][] activations(int index) {
    double[][] activations = new double[4][];
    activations[0] = new double[SIZES[0]];
    for (int i = 0; i < SIZES[0]; i++) {
      activations[0][i] = image[index * SIZES[0] + i];
    }
    for (int layer = 0; layer < 3; layer++) {
      double[] x = activations[layer];
      double[] y = weights[2 * layer + 1].clone();
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < y.length; j++) {
          y[j] += x[i] * weights[2 * layer][i * y.length + j];
        }
      }
      for (int j = 0; layer < 2 && j < y.length; j++) {
        y[j] = Math.max(0, y[j]);
      }
      activations[layer + 1] = y;
    }
    return activations;
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] probabilities = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp(logits[i]) / sum;
    }
    return probabilities;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
