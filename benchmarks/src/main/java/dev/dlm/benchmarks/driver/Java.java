package dev.dlm.benchmarks.driver;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Starts Java programs that are measured.
 *
 * @param log gets what they say on standard error
 */
record Java(Path log) {
  /**
   * The modules and rights that dlm asks for and peers may have as well, and the collector of
   * {@code ./dlm}.
   */
  private static final List<String> FLAGS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC");

  /** Settings for OpenBLAS that some environments hold and that make it slow. */
  private static final List<String> HARMFUL = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  /** What is on the class path of this process. */
  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .toList();
  }

  /**
   * Starts a program.
   *
   * @param options further ones of the JVM
   * @param words the class and its arguments
   */
  Process start(Subject subject, List<Path> classPath, List<String> options, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(options);
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    HARMFUL.forEach(builder.environment()::remove);
    builder.environment().putAll(subject.environment());
    // Not on the command line: ONNX Runtime 1.29 crashes where that is longer than 4 KiB.
    builder
        .environment()
        .put(
            "CLASSPATH",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    return builder.start();
  }
}
