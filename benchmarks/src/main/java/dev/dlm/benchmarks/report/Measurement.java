package dev.dlm.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one process measured.
 *
 * @param engine by name
 * @param version of the engine
 * @param work by name
 * @param threads that computed or called
 * @param figures by what they mean, in seconds unless their name says something else; empty where
 *     the engine does not take part
 */
public record Measurement(
    String engine, String version, String work, int threads, Map<String, Double> figures) {
  /** Seconds a run. */
  public static final String RUN = "run";

  /** Seconds within which half of the calls return. */
  public static final String P50 = "p50";

  /** Seconds within which 99 % of the calls return. */
  public static final String P99 = "p99";

  /** Seconds from one answer to the next, of all callers together. */
  public static final String CALL = "call";

  private static final JsonFactory JSON = new JsonFactory();

  public Measurement {
    figures = Map.copyOf(figures);
  }

  /** One line of JSON. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      writeTo(json);
    } catch (IOException e) {
      throw new IllegalStateException("writing to a string failed", e);
    }
    return text.toString();
  }

  /** Writes an object. */
  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("engine", engine);
    json.writeStringField("version", version);
    json.writeStringField("work", work);
    json.writeNumberField("threads", threads);
    json.writeObjectFieldStart("figures");
    for (Map.Entry<String, Double> figure : new TreeMap<>(figures).entrySet()) {
      json.writeNumberField(figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if the text is something else
   */
  public static Measurement parse(String text) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, Double> figures = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING
            || token == JsonToken.VALUE_NUMBER_INT && !nested(json)) {
          fields.put(json.currentName(), json.getText());
        } else if (token.isNumeric()) {
          figures.put(json.currentName(), json.getDoubleValue());
        }
      }
    }
    return new Measurement(
        field(fields, "engine"),
        field(fields, "version"),
        field(fields, "work"),
        Integer.parseInt(field(fields, "threads")),
        figures);
  }

  /**
   * Rounds of the same work as one measurement: of each figure the median.
   *
   * @param rounds at least one
   */
  public static Measurement ofRounds(List<Measurement> rounds) {
    Measurement first = rounds.getFirst();
    Map<String, Double> medians = new LinkedHashMap<>();
    for (String name : first.figures.keySet()) {
      medians.put(
          name, median(rounds.stream().mapToDouble(round -> round.figures.get(name)).toArray()));
    }
    return new Measurement(first.engine, first.version, first.work, first.threads, medians);
  }

  /** The number in the middle, or the mean of both, of at least one. */
  public static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static boolean nested(JsonParser json) {
    return !json.getParsingContext().getParent().inRoot();
  }

  private static String field(Map<String, String> fields, String name) throws IOException {
    String value = fields.get(name);
    if (value == null) {
      throw new IOException("a measurement without '" + name + "'");
    }
    return value;
  }
}
