package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.work.Values;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The tensors that outlive a run, filled by {@link Values}. */
final class Tensors implements AutoCloseable {
  private final List<Tensor> kept = new ArrayList<>();
  private final List<Tensor> parameters = new ArrayList<>();

  /** The elements of a contiguous tensor. */
  static float[] elements(Tensor tensor) {
    float[] elements = new float[(int) tensor.numel()];
    tensor.<FloatBuffer>createBuffer().get(elements);
    return elements;
  }

  /** An input that is not fed anew at each run. */
  Tensor input(String name, long... shape) {
    return keep(Tensor.create(Values.input(name, count(shape)), shape));
  }

  /** Whole numbers from 0 to {@code bound - 1}, of 64 bits. */
  Tensor indices(String name, int bound, long... shape) {
    long[] values = Arrays.stream(Values.index(name, count(shape), bound)).asLongStream().toArray();
    return keep(Tensor.create(values, shape));
  }

  /** A parameter whose last axis, or for four axes the first one, runs over its outputs. */
  Tensor weight(String name, long... shape) {
    int outputs = (int) (shape.length == 4 ? shape[0] : shape[shape.length - 1]);
    return parameter(Values.weight(name, count(shape), count(shape) / outputs), shape);
  }

  /** Biases and shifts. */
  Tensor bias(String name, int count) {
    return parameter(Values.bias(name, count), count);
  }

  Tensor scale(String name, int count) {
    return parameter(Values.scale(name, count), count);
  }

  Tensor parameter(float[] values, long... shape) {
    Tensor tensor = keep(Tensor.create(values, shape));
    parameters.add(tensor);
    return tensor;
  }

  /** Closes a tensor together with the others. */
  Tensor keep(Tensor tensor) {
    kept.add(tensor);
    return tensor;
  }

  /** All parameters, which record gradients from now on. */
  TensorVector trained() {
    parameters.forEach(parameter -> parameter.set_requires_grad(true));
    return new TensorVector(parameters.toArray(Tensor[]::new));
  }

  @Override
  public void close() {
    kept.forEach(Tensor::close);
  }

  private static int count(long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    return count;
  }
}
