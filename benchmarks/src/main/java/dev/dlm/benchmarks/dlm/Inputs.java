package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.plan.Program;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** What models are fed. */
final class Inputs {
  private Inputs() {}

  /** As arrays of the heap. */
  static Map<String, Tensor> ofArrays(Workload work) {
    return switch (work) {
      case Workload.Product(String _, int rows, int _, int depth) ->
          Map.of("a", floats("a", rows, depth));
      case Workload.MlpTraining _ ->
          Map.of("image", floats("image", 128, 784), "label", indices("label", 10, 128));
      case Workload.CnnTraining _ ->
          Map.of("image", floats("image", 64, 1, 28, 28), "label", indices("label", 10, 64));
      case Workload.Resnet50Inference _ -> Map.of("image", floats("image", 1, 3, 224, 224));
      case Workload.Resnet18Training _ ->
          Map.of("image", floats("image", 32, 3, 32, 32), "label", indices("label", 10, 32));
      case Workload.LstmTraining _ ->
          Map.of("sequence", floats("sequence", 32, 64, 128), "label", indices("label", 64, 32));
      case Workload.Encoder(boolean training) ->
          training
              ? Map.of("x", floats("x", 8, 128, 256), "target", floats("target", 8, 128, 256))
              : Map.of("x", floats("x", 8, 128, 256));
      case Workload.Gpt2Forward _ -> Map.of("tokens", indices("tokens", 50257, 1, 128));
      case Workload.MlpLatency _ -> Map.of("image", floats("image", 1, 784));
      case Workload.Elementwise(Workload.Formula formula) ->
          formula == Workload.Formula.GELU
              ? Map.of("x", floats("x", 4096, 1024), "r", floats("r", 4096, 1024))
              : Map.of("x", floats("x", 4096, 1024));
    };
  }

  /** In memory off the heap, aligned as the device likes it. */
  static Map<String, Tensor> ofMemory(Workload work, Arena arena) {
    Map<String, Tensor> inputs = new HashMap<>();
    ofArrays(work)
        .forEach((name, tensor) -> {
          MemorySegment memory = arena.allocate(tensor.memory().byteSize(), Program.ALIGNMENT);
          memory.copyFrom(tensor.memory());
          inputs.put(name, Tensor.of(tensor.dtype(), memory, tensor.sizes()));
        });
    return inputs;
  }

  private static Tensor floats(String name, long... sizes) {
    return Tensor.of(Values.input(name, count(sizes)), sizes);
  }

  private static Tensor indices(String name, int bound, long... sizes) {
    return Tensor.of(Values.index(name, count(sizes), bound), sizes);
  }

  private static int count(long... sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return Math.toIntExact(count);
  }
}
