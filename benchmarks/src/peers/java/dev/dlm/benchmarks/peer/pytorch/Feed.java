package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.work.Values;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** An input that comes from a host array at each run. */
interface Feed {
  /** Copies the array to the tensor. */
  void copy();

  /** Feeds {@link Values#input}. */
  static Feed of(String name, Tensor tensor) {
    float[] array = Values.input(name, (int) tensor.numel());
    FloatBuffer buffer = tensor.createBuffer();
    return () -> buffer.put(0, array);
  }

  /** Feeds {@link Values#index}, in a tensor of 64 bits. */
  static Feed of(String name, int bound, Tensor tensor) {
    long[] array =
        Arrays.stream(Values.index(name, (int) tensor.numel(), bound)).asLongStream().toArray();
    LongBuffer buffer = tensor.createBuffer();
    return () -> buffer.put(0, array);
  }
}
