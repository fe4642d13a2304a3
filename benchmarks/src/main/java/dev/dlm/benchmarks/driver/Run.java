package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.report.Comparison;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.report.Report;
import dev.dlm.benchmarks.report.Results;
import dev.dlm.benchmarks.work.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One run of the command: measures what was selected and prints the table line by line. */
final class Run {
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Selection selection;
  private final PrintStream out;
  private final Path folder;
  private final Path json;
  private final Java java;
  private final Report report;

  /**
   * Begins a run.
   *
   * @throws IOException if the report cannot be written where it is to go
   */
  Run(Selection selection, PrintStream out) throws IOException {
    this.selection = selection;
    this.out = out;
    Path results = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
    String name = LocalDateTime.now().format(NAME);
    folder = Files.createDirectories(results.resolve(name));
    json = selection.json().orElse(results.resolve(name + ".json"));
    java = new Java(folder.resolve("log.txt"));
    report = new Report(selection.subjects().stream().map(Subject::engine).toList());
    // Said before hours of measuring, not after.
    report.write(json, machine());
  }

  /** Says whether all engines did their work and computed the same. */
  boolean run() throws IOException, InterruptedException {
    out.println(report.heading());
    List<Workload> works =
        Workload.all().stream().filter(work -> selection.holds(work.row())).toList();
    Workers workers = new Workers(java, selection.seconds());
    for (int threads : works.isEmpty() ? List.<Integer>of() : selection.threads()) {
      Optional<Limits> limits = workers.limits(threads);
      limits.ifPresentOrElse(
          report::add, () -> failed("the limits of %d threads".formatted(threads)));
    }
    for (Workload work : works) {
      for (int threads : selection.threads()) {
        measure(workers, work, threads);
        report.write(json, machine());
      }
    }
    if (selection.holds(Rows.COLD_START) || selection.holds(Rows.FOOTPRINT)) {
      measureStart();
    }
    report.write(json, machine());
    out.println();
    out.println("report: " + json);
    return report.faults().isEmpty();
  }

  private void measure(Workers workers, Workload work, int threads) throws IOException {
    Function<Subject, Path> files =
        subject -> folder.resolve("%s.%d.%s".formatted(work.name(), threads, subject.engine()));
    Map<Subject, Measurement> measurements =
        workers.measure(selection.subjects(), work, threads, files);
    Map<String, float[]> results = new LinkedHashMap<>();
    for (Subject subject : selection.subjects()) {
      Measurement measurement = measurements.get(subject);
      if (measurement == null) {
        failed("%s of %s, %d threads".formatted(work.name(), subject.engine(), threads));
        continue;
      }
      report.add(measurement);
      Path file = files.apply(subject);
      if (Files.exists(file)) {
        results.put(subject.engine(), Results.read(file));
        Files.delete(file);
      }
    }
    report.lines(work, threads).forEach(out::println);
    double tolerance = Comparison.tolerance(work);
    List<Comparison.Difference> differences = Comparison.differences(results, tolerance);
    if (!differences.isEmpty()) {
      fault(
          "%s, %d threads: %s"
              .formatted(work.name(), threads, Comparison.describe(differences, tolerance)));
    }
  }

  private void measureStart() throws IOException, InterruptedException {
    ColdStart coldStart = new ColdStart(java, folder);
    try {
      report.add(coldStart.empty());
    } catch (FailedProcessException _) {
      failed("an empty program");
    }
    for (Subject subject : selection.subjects()) {
      try {
        coldStart.measure(subject).forEach(report::add);
      } catch (FailedProcessException _) {
        failed("the cold start of " + subject.engine());
      }
    }
    if (selection.holds(Rows.COLD_START)) {
      report.startLines().forEach(out::println);
    }
    if (selection.holds(Rows.FOOTPRINT)) {
      report.footprintLines().forEach(out::println);
    }
  }

  private void failed(String what) {
    fault("%s: failed, see %s".formatted(what, java.log()));
  }

  private void fault(String text) {
    report.fault(text);
    out.println("  ! " + text);
  }

  private static Map<String, String> machine() throws IOException {
    Map<String, String> machine = new HashMap<>();
    machine.put("jdk", Runtime.version().toString());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("processors", "" + Runtime.getRuntime().availableProcessors());
    machine.put("time", LocalDateTime.now().toString());
    Path processors = Path.of("/proc/cpuinfo");
    if (Files.exists(processors)) {
      Files.readAllLines(processors).stream()
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .ifPresent(
              line -> machine.put("processor", line.substring(line.indexOf(':') + 1).strip()));
    }
    return machine;
  }
}
