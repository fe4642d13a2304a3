package dev.dlm.benchmarks.driver;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Who is measured, what a program ships to use it, and the environment in which it is at its best.
 */
enum Subject {
  DLM("dlm", List.of("graph-ir", "runtime", "kernels-cpu", "protobuf-java"), Map.of()),
  TENSORFLOW(
      "tensorflow",
      List.of("tensorflow-core-", "ndarray-", "javacpp-", "protobuf-java-"),
      Map.of()),
  ONNX_RUNTIME("onnxruntime", List.of("onnxruntime-"), Map.of()),
  /** Threads that wait actively take the cores from each other. */
  PYTORCH(
      "pytorch",
      List.of("pytorch-", "openblas-", "javacpp-"),
      Map.of("OMP_WAIT_POLICY", "PASSIVE")),
  ONEDNN("onednn", List.of("dnnl-", "opencl-", "javacpp-"), Map.of());

  private final String engine;
  private final List<String> jars;
  private final Map<String, String> environment;

  Subject(String engine, List<String> jars, Map<String, String> environment) {
    this.engine = engine;
    this.jars = jars;
    this.environment = environment;
  }

  /** The name of the engine, on the command line and in reports. */
  String engine() {
    return engine;
  }

  /** What the process finds in its environment beside what is there. */
  Map<String, String> environment() {
    return environment;
  }

  /** Those of some jars that a program with this engine ships. */
  List<Path> shipped(List<Path> all) {
    return all.stream()
        .filter(jar -> jars.stream().anyMatch(String.valueOf(jar.getFileName())::startsWith))
        .toList();
  }

  /** All but dlm itself. */
  static List<Subject> peers() {
    return Arrays.stream(values()).filter(subject -> subject != DLM).toList();
  }
}
