package dev.dlm.op.nn;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.reference.Indexing;
import java.util.Arrays;

/**
 * The sum over all products that a convolution and its gradients share: they differ in which of the
 * three tensors is the result.
 */
final class ConvolutionReference {
  private final ConvolutionWindow window;
  private final long[] input;
  private final long[] kernel;
  private final long[] output;

  ConvolutionReference(ConvolutionWindow window, long[] input, long[] kernel, long[] output) {
    this.window = window;
    this.input = input;
    this.kernel = kernel;
    this.output = output;
  }

  private interface Product {
    void at(int input, int kernel, int output);
  }

  HostTensor forward(HostTensor x, HostTensor w, TensorType result) {
    double[] sums = new double[Indexing.count(output)];
    forEach((i, k, o) -> sums[o] += x.doubleAt(i) * w.doubleAt(k));
    return HostTensor.ofDoubles(result, i -> sums[i]);
  }

  HostTensor inputGradient(HostTensor upstream, HostTensor w, TensorType result) {
    double[] sums = new double[Indexing.count(input)];
    forEach((i, k, o) -> sums[i] += upstream.doubleAt(o) * w.doubleAt(k));
    return HostTensor.ofDoubles(result, i -> sums[i]);
  }

  HostTensor kernelGradient(HostTensor x, HostTensor upstream, TensorType result) {
    double[] sums = new double[Indexing.count(kernel)];
    forEach((i, k, o) -> sums[k] += x.doubleAt(i) * upstream.doubleAt(o));
    return HostTensor.ofDoubles(result, i -> sums[i]);
  }

  private void forEach(Product product) {
    int countKernel = Indexing.count(kernel);
    int countOutput = Indexing.count(output);
    long channelsPerGroup = kernel[1];
    long outputsPerGroup = kernel[0] / window.groups();
    for (int o = 0; o < countOutput; o++) {
      long[] out = Indexing.coordinates(output, o);
      for (int k = 0; k < countKernel; k++) {
        long[] tap = Indexing.coordinates(kernel, k);
        if (tap[0] != out[1]) {
          continue;
        }
        long[] in = Arrays.copyOf(out, out.length);
        in[1] = out[1] / outputsPerGroup * channelsPerGroup + tap[1];
        for (int axis = 0; axis < window.spatialRank(); axis++) {
          in[axis + 2] = window.inputAt(axis, out[axis + 2], tap[axis + 2]);
        }
        if (Indexing.inside(input, in)) {
          product.at(Indexing.position(input, in), k, o);
        }
      }
    }
  }
}
