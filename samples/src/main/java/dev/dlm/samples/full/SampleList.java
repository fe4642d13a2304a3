package dev.dlm.samples.full;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code samples.txt} says: the samples, their data, commands and promises. */
final class SampleList {
  /**
   * A sample.
   *
   * @param data what it needs, where it needs any
   * @param commands words of each, of which the first is {@code dlm} or {@code java}
   * @param output files of the data that hold what the last command is to print
   */
  record Sample(
      String name,
      Optional<Data> data,
      List<List<String>> commands,
      List<Promise> promises,
      List<String> output) {}

  /**
   * Data of a sample.
   *
   * @param folder below that of all data
   * @param file which tells that the data are there
   */
  record Data(String folder, String file) {
    @Override
    public String toString() {
      return folder + "/" + file;
    }
  }

  /**
   * A promise: {@code measure >= bound}, or a bound that is a multiple of another measure.
   *
   * @param atLeast whether the measure is to be at least the bound, not at most
   * @param other the measure to which {@code bound} is a factor; empty where there is none
   */
  record Promise(String measure, boolean atLeast, double bound, Optional<String> other) {
    /** Whether it is kept; a measure that is missing keeps nothing. */
    boolean isKept(Map<String, Double> measures) {
      double value = measures.getOrDefault(measure, Double.NaN);
      double limit =
          other.map(name -> bound * measures.getOrDefault(name, Double.NaN)).orElse(bound);
      // Comparisons with NaN are false.
      return atLeast ? value >= limit : value <= limit;
    }

    @Override
    public String toString() {
      return "%s %s %s%s"
          .formatted(
              measure,
              atLeast ? ">=" : "<=",
              bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound),
              other.map(name -> " * " + name).orElse(""));
    }
  }

  private static final Pattern PROMISE =
      Pattern.compile("expect (\\S+) (>=|<=) ([0-9.eE+-]+)(?: \\* (\\S+))?");

  private SampleList() {}

  /**
   * Reads the list.
   *
   * @throws IllegalArgumentException that names the line which cannot be read
   */
  static List<Sample> parse(String text) {
    List<Sample> samples = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String words = line.strip();
      if (words.isEmpty() || words.startsWith("#")) {
        continue;
      }
      if (words.startsWith("[") && words.endsWith("]")) {
        samples.add(
            new Sample(
                words.substring(1, words.length() - 1),
                Optional.empty(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>()));
        continue;
      }
      if (samples.isEmpty()) {
        throw new IllegalArgumentException("line %d: expected [name]".formatted(number));
      }
      Sample sample = samples.getLast();
      List<String> parts = List.of(words.split("\\s+"));
      Matcher promise = PROMISE.matcher(words);
      if (parts.getFirst().equals("data") && parts.size() == 3) {
        Data data = new Data(parts.get(1), parts.get(2));
        samples.set(
            samples.size() - 1,
            new Sample(
                sample.name, Optional.of(data), sample.commands, sample.promises, sample.output));
      } else if (parts.getFirst().equals("output") && parts.size() == 2) {
        sample.output.add(parts.get(1));
      } else if (parts.getFirst().equals("dlm") || parts.getFirst().equals("java")) {
        sample.commands.add(parts);
      } else if (promise.matches()) {
        sample.promises.add(
            new Promise(
                promise.group(1),
                promise.group(2).equals(">="),
                Double.parseDouble(promise.group(3)),
                Optional.ofNullable(promise.group(4))));
      } else {
        throw new IllegalArgumentException("line %d: '%s'".formatted(number, words));
      }
    }
    return samples;
  }
}
