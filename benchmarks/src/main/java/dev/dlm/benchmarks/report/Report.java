package dev.dlm.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.work.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run has found so far, as a table for people and as JSON. Used by one thread. */
public final class Report {
  /** The work of a process that begins, runs the MLP once and prints the result. */
  public static final String START = "cold-start";

  /** The same with the JVM's ahead-of-time cache. */
  public static final String CACHED_START = "cold-start-aot";

  /** The work of a process that does nothing. */
  public static final String EMPTY_START = "empty-start";

  /** Bytes of memory that were resident when the first result was printed, at most. */
  public static final String RESIDENT = "residentBytes";

  /** Bytes of the jars that a program ships. */
  public static final String JARS = "jarBytes";

  private final List<String> engines;
  private final List<Measurement> measurements = new ArrayList<>();
  private final Map<Integer, Limits> limits = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * A report without measurements, of some engines, the first of which is set against the others.
   */
  public Report(List<String> engines) {
    this.engines = List.copyOf(engines);
  }

  public void add(Measurement measurement) {
    measurements.add(measurement);
  }

  public void add(Limits found) {
    limits.put(found.threads(), found);
  }

  /** Notes that something failed or differs. */
  public void fault(String text) {
    faults.add(text);
  }

  /** What failed or differs. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** The lines of the table that show some work. */
  public List<String> lines(Workload work, int threads) {
    return Line.of(work).stream()
        .filter(
            line -> engines.stream().anyMatch(engine -> figure(engine, line, threads).isPresent()))
        .map(line ->
            line(
                line,
                threads,
                Optional.ofNullable(limits.get(threads)).map(found -> found.seconds(line.cost()))))
        .toList();
  }

  /** The lines of how long a process takes to its first result. */
  public List<String> startLines() {
    Optional<Double> empty =
        measurements.stream()
            .filter(measurement -> measurement.work().equals(EMPTY_START))
            .map(measurement -> measurement.figures().get(Measurement.RUN))
            .findFirst();
    return List.of(
        line(Line.ofStart("cold-start", START, Measurement.RUN, Unit.MILLISECONDS), 1, empty),
        line(
            Line.ofStart("cold-start AOT", CACHED_START, Measurement.RUN, Unit.MILLISECONDS),
            1,
            empty));
  }

  /** The lines of what a process takes and what is shipped for it. */
  public List<String> footprintLines() {
    return List.of(
        line(
            Line.ofStart("footprint memory", START, RESIDENT, Unit.MEGABYTES), 1, Optional.empty()),
        line(Line.ofStart("footprint jars", START, JARS, Unit.MEGABYTES), 1, Optional.empty()));
  }

  /** The heading of the table. */
  public String heading() {
    List<String> cells = new ArrayList<>(engines);
    cells.add("time/peer");
    cells.add("time/limit");
    return Table.line("row", "T", "unit", cells);
  }

  private String line(Line line, int threads, Optional<Double> limit) {
    List<String> cells = new ArrayList<>();
    for (String engine : engines) {
      cells.add(
          figure(engine, line, threads)
              .map(figure -> line.unit().format(figure, line.cost()))
              .orElse("–"));
    }
    Optional<Double> ours = figure(engines.getFirst(), line, threads);
    Optional<Double> best =
        engines.stream()
            .skip(1)
            .flatMap(engine -> peerFigure(engine, line, threads).stream())
            .min(Double::compare);
    cells.add(ratio(ours, best));
    cells.add(ratio(ours, limit));
    return Table.line(line.label(), "" + threads, line.unit().text(), cells);
  }

  /** Peers have no start of their own with the cache: theirs without it stands against ours. */
  private Optional<Double> peerFigure(String engine, Line line, int threads) {
    Optional<Double> own = figure(engine, line, threads);
    if (own.isEmpty() && line.work().equals(CACHED_START)) {
      return figure(engine, START, line.figure(), threads);
    }
    return own;
  }

  private static String ratio(Optional<Double> ours, Optional<Double> other) {
    return ours.isPresent() && other.isPresent() ? Table.ratio(ours.get() / other.get()) : "–";
  }

  private Optional<Double> figure(String engine, Line line, int threads) {
    return figure(engine, line.work(), line.figure(), threads);
  }

  private Optional<Double> figure(String engine, String work, String figure, int threads) {
    return measurements.stream()
        .filter(measurement ->
            measurement.engine().equals(engine)
                && measurement.work().equals(work)
                && measurement.threads() == threads)
        .flatMap(measurement -> Optional.ofNullable(measurement.figures().get(figure)).stream())
        .findFirst();
  }

  /**
   * Writes everything as JSON.
   *
   * @param machine what it was measured on, by what it is
   */
  public void write(Path file, Map<String, String> machine) throws IOException {
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8))
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeObjectFieldStart("machine");
      for (Map.Entry<String, String> entry : new TreeMap<>(machine).entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("limits");
      for (Limits found : limits.values()) {
        write(json, found);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("measurements");
      for (Measurement measurement : measurements) {
        measurement.writeTo(json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("faults");
      for (String fault : faults) {
        json.writeString(fault);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, Limits limits) throws IOException {
    json.writeStartObject();
    json.writeNumberField("threads", limits.threads());
    json.writeNumberField("operations", limits.operations());
    json.writeNumberField("largeCopyBytes", limits.largeCopyBytes());
    json.writeNumberField("copyBytes", limits.copyBytes());
    json.writeNumberField("cacheBytes", limits.cacheBytes());
    json.writeEndObject();
  }
}
