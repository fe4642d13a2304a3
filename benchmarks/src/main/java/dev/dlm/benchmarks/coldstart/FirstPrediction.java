package dev.dlm.benchmarks.coldstart;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.runtime.Model;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The service in small: loads a compiled model and predicts once. Needs the runtime's jars alone.
 */
public final class FirstPrediction {
  private FirstPrediction() {}

  /**
   * Prints the first result, and the resident memory at that point.
   *
   * @param arguments the compiled model
   */
  public static void main(String[] arguments) throws IOException {
    try (Model model = Model.load(Path.of(arguments[0]))) {
      Tensor image = Tensor.of(Values.input("image", 784), 1, 784);
      Map<String, Tensor> outputs = model.predict(Map.of("image", image));
      System.out.println(outputs.values().iterator().next().doubleAt(0));
      System.out.println(ResidentMemory.mostBytes());
    }
  }
}
