package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.coldstart.EmptyProgram;
import dev.dlm.benchmarks.coldstart.FirstPrediction;
import dev.dlm.benchmarks.coldstart.FirstRun;
import dev.dlm.benchmarks.dlm.CompiledModel;
import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.report.Report;
import dev.dlm.benchmarks.work.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Starts processes that print the first result of the small network: how long that takes, and what
 * memory they hold then.
 */
final class ColdStart {
  private static final int PROCESSES = 7;

  private final Java java;
  private final Path folder;

  /**
   * @param folder for the compiled model and the cache
   */
  ColdStart(Java java, Path folder) {
    this.java = java;
    this.folder = folder;
  }

  /** A program that is started: its class path, options of the JVM, the class and its arguments. */
  private record Program(
      Subject subject, List<Path> classPath, List<String> options, List<String> words) {}

  /** What a process took. */
  private record Start(double seconds, double residentBytes) {}

  /** The start of a JVM that does nothing. */
  Measurement empty() throws IOException, InterruptedException, FailedProcessException {
    List<String> words = List.of(EmptyProgram.class.getName());
    return measure(Report.EMPTY_START, new Program(Subject.DLM, own(), List.of(), words), List.of())
        .orElseThrow(FailedProcessException::new);
  }

  /**
   * dlm with and without the JVM's cache, or a peer; nothing for a peer that does not take part.
   */
  List<Measurement> measure(Subject subject)
      throws IOException, InterruptedException, FailedProcessException {
    List<Path> shipped = subject.shipped(Java.classPath());
    List<Path> classPath = Stream.concat(own().stream(), shipped.stream()).distinct().toList();
    if (subject != Subject.DLM) {
      Optional<String> engine = className(subject);
      if (engine.isEmpty()) {
        return List.of();
      }
      Program program =
          new Program(
              subject, classPath, List.of(), List.of(FirstRun.class.getName(), engine.get()));
      return measure(Report.START, program, shipped).stream().toList();
    }
    Path model = folder.resolve("mlp.dlmc");
    CompiledModel.write(new Workload.MlpLatency(), model);
    List<String> words = List.of(FirstPrediction.class.getName(), model.toString());
    List<Measurement> found = new ArrayList<>();
    measure(Report.START, new Program(subject, classPath, List.of(), words), shipped)
        .ifPresent(found::add);
    Path cache = folder.resolve("first-prediction.aot");
    start(new Program(subject, classPath, List.of("-XX:AOTCacheOutput=" + cache), words));
    Program cached = new Program(subject, classPath, List.of("-XX:AOTCache=" + cache), words);
    measure(Report.CACHED_START, cached, shipped).ifPresent(found::add);
    return found;
  }

  /** What of the class path the programs themselves need: a peer's model is made of protobuf. */
  private static List<Path> own() {
    return Java.classPath().stream()
        .filter(path -> startsWith(path, "benchmarks") || startsWith(path, "protobuf-java-"))
        .toList();
  }

  private static boolean startsWith(Path path, String name) {
    return String.valueOf(path.getFileName()).startsWith(name);
  }

  /** The engine's class, so that the process need not search for it. */
  private static Optional<String> className(Subject subject) {
    return ServiceLoader.load(Engine.class).stream()
        .filter(provider -> provider.type().getPackageName().endsWith("." + subject.engine()))
        .map(provider -> provider.type().getName())
        .findFirst();
  }

  private Optional<Measurement> measure(String work, Program program, List<Path> shipped)
      throws IOException, InterruptedException, FailedProcessException {
    // The first one finds nothing in the system's memory, and peers unpack their libraries.
    start(program);
    double[] seconds = new double[PROCESSES];
    double[] bytes = new double[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
      Optional<Start> start = start(program);
      if (start.isEmpty()) {
        return Optional.empty();
      }
      seconds[i] = start.get().seconds();
      bytes[i] = start.get().residentBytes();
    }
    Arrays.sort(seconds);
    Arrays.sort(bytes);
    double jars = 0;
    for (Path jar : shipped) {
      jars += Files.size(jar);
    }
    return Optional.of(
        new Measurement(
            program.subject().engine(),
            Runtime.version().toString(),
            work,
            1,
            Map.of(
                Measurement.RUN, seconds[PROCESSES / 2],
                Report.RESIDENT, bytes[PROCESSES / 2],
                Report.JARS, jars)));
  }

  /** Nothing where the engine does not take part. */
  private Optional<Start> start(Program program)
      throws IOException, InterruptedException, FailedProcessException {
    long begin = System.nanoTime();
    Process process =
        java.start(program.subject(), program.classPath(), program.options(), program.words());
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String first = reader.readLine();
      double seconds = (System.nanoTime() - begin) / 1e9;
      String second = reader.readLine();
      while (reader.readLine() != null) {
        // The end of the process is awaited below.
      }
      if (process.waitFor() != 0) {
        throw new FailedProcessException();
      }
      return first == null || second == null
          ? Optional.empty()
          : Optional.of(new Start(seconds, Double.parseDouble(second)));
    }
  }
}
