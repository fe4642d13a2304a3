package dev.dlm.training;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Means over examples, summed batch by batch in double precision. Used by one thread. */
final class MetricSums {
  private final Map<String, Double> sums = new LinkedHashMap<>();
  private long examples;

  /** Adds values that are means over so many examples. */
  void add(Map<String, Double> means, int count) {
    means.forEach((name, mean) -> sums.merge(name, mean * count, Double::sum));
    examples += count;
  }

  void clear() {
    sums.clear();
    examples = 0;
  }

  /** The means over all examples added. */
  Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum / examples));
    return means;
  }

  long examples() {
    return examples;
  }

  Map<String, Double> sums() {
    return sums;
  }

  /** Goes on from saved sums. */
  void restore(Map<String, Double> savedSums, long savedExamples) {
    sums.clear();
    sums.putAll(savedSums);
    examples = savedExamples;
  }

  /** Numbers by name as text that keeps every bit and their order. */
  static String encode(Map<String, Double> values) {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) ->
        text.append(name)
            .append('=')
            .append(HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)))
            .append('\n'));
    return text.toString();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  static Map<String, Double> decode(String text) {
    Map<String, Double> values = new LinkedHashMap<>();
    text.lines()
        .forEach(line -> {
          int sign = line.lastIndexOf('=');
          if (sign < 0) {
            throw new IllegalArgumentException("no number in '" + line + "'");
          }
          long bits = HexFormat.fromHexDigitsToLong(line, sign + 1, line.length());
          values.put(line.substring(0, sign), Double.longBitsToDouble(bits));
        });
    return values;
  }
}
