package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import dev.dlm.benchmarks.work.Values;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The long short-term memory, whose gates PyTorch keeps in the order of the work.
 *
 * @param start the first hidden and cell values
 * @param parameters weights of input and hidden values, and the biases of both, of which the second
 *     is nil
 */
record Lstm(TensorVector start, TensorVector parameters, Dense dense) {
  private static final int INPUTS = 128;
  private static final int HIDDEN = 256;
  private static final int GATES = 4 * HIDDEN;

  static Lstm of(Tensors tensors) {
    float[] weight = Values.weight("lstm.w", (INPUTS + HIDDEN) * GATES, INPUTS + HIDDEN);
    Tensor input = tensors.parameter(transposed(weight, 0, INPUTS), GATES, INPUTS);
    Tensor hidden = tensors.parameter(transposed(weight, INPUTS, HIDDEN), GATES, HIDDEN);
    Tensor bias = tensors.bias("lstm.b", GATES);
    Tensor nil = tensors.keep(torch.zeros(GATES));
    Tensor start = tensors.keep(torch.zeros(1, 32, HIDDEN));
    return new Lstm(
        new TensorVector(start, start),
        new TensorVector(input, hidden, bias, nil),
        Dense.of(tensors, "dense", HIDDEN, 64));
  }

  /** Some rows of the weight, as columns. */
  private static float[] transposed(float[] weight, int from, int rows) {
    float[] transposed = new float[rows * GATES];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < GATES; column++) {
        transposed[column * rows + row] = weight[(from + row) * GATES + column];
      }
    }
    return transposed;
  }

  Tensor logits(Tensor sequence) {
    Tensor last = torch.lstm(sequence, start, parameters, true, 1, 0, true, false, true).get1();
    return dense.apply(last.select(0, 0));
  }
}
