package dev.dlm.cli.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON object for machines, printed on a line of its own. Its first member, {@code event}, says
 * what it tells. Values are strings, numbers, booleans, and lists and maps of such. A number that
 * JSON cannot express stands as the string {@code "NaN"}, {@code "Infinity"} or {@code
 * "-Infinity"}. Members stand in the order in which they were given.
 */
public final class Event {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, Object> members = new LinkedHashMap<>();

  private Event() {}

  /** An event of the given kind, without further members. */
  public static Event of(String kind) {
    return new Event().with("event", kind);
  }

  /** Adds a member, or replaces the one of this name. */
  public Event with(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** The object as JSON without line ends. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(generator, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    switch (value) {
      case String text -> generator.writeString(text);
      case Boolean truth -> generator.writeBoolean(truth);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Float number -> writeDecimal(generator, number, Float.toString(number));
      case Double number -> writeDecimal(generator, number, Double.toString(number));
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          generator.writeFieldName(String.valueOf(entry.getKey()));
          write(generator, entry.getValue());
        }
        generator.writeEndObject();
      }
      case Iterable<?> elements -> {
        generator.writeStartArray();
        for (Object element : elements) {
          write(generator, element);
        }
        generator.writeEndArray();
      }
      default -> throw new IllegalArgumentException(value.getClass() + " has no place in an event");
    }
  }

  private static void writeDecimal(JsonGenerator generator, double number, String text)
      throws IOException {
    if (Double.isFinite(number)) {
      generator.writeNumber(text);
    } else {
      generator.writeString(text);
    }
  }
}
