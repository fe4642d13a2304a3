package dev.dlm.samples.full;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command measured: of {@code dlm … --json} the numbers of the metrics of its last {@code
 * done} object, {@code validate.accuracy} for example; of a program its lines {@code name value}.
 */
final class Measures {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Measures() {}

  /** The measures in a line of output; empty if it holds none. */
  static Map<String, Double> of(String line) {
    if (line.startsWith("{")) {
      return line.contains("\"done\"") ? metrics(line) : Map.of();
    }
    String[] words = line.strip().split("\\s+");
    try {
      return words.length == 2 ? Map.of(words[0], Double.parseDouble(words[1])) : Map.of();
    } catch (NumberFormatException e) {
      // A line of words is no measure.
      return Map.of();
    }
  }

  private static Map<String, Double> metrics(String line) {
    Map<String, Double> measures = new LinkedHashMap<>();
    Deque<String> path = new ArrayDeque<>();
    try (JsonParser parser = FACTORY.createParser(line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case FIELD_NAME -> {}
          case START_OBJECT ->
              path.addLast(parser.currentName() == null ? "" : parser.currentName());
          case END_OBJECT -> path.removeLast();
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            if (path.contains("metrics")) {
              measures.put(path.getLast() + "." + parser.currentName(), parser.getDoubleValue());
            }
          }
          case START_ARRAY,
              END_ARRAY,
              VALUE_STRING,
              VALUE_TRUE,
              VALUE_FALSE,
              VALUE_NULL,
              VALUE_EMBEDDED_OBJECT,
              NOT_AVAILABLE -> {}
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + line, e);
    }
    return measures;
  }
}
