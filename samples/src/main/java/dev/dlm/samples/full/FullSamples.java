package dev.dlm.samples.full;

import dev.dlm.samples.full.SampleList.Data;
import dev.dlm.samples.full.SampleList.Promise;
import dev.dlm.samples.full.SampleList.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs the samples of {@code samples/samples.txt} in full, one after the other, in processes of
 * their own, and tells which of them keep what they promise. What the processes of a sample say
 * beside their results goes to {@code target/samples/<name>/log.txt}.
 */
public final class FullSamples {
  private static final int NAME_WIDTH = 24;

  private final Path root;
  private final Optional<Path> data;
  private final List<String> java;
  private final PrintStream out;

  /**
   * @param root of the checkout
   * @param data the folder of all data, where there is one
   * @param java how programs are started, class path included
   */
  FullSamples(Path root, Optional<Path> data, List<String> java, PrintStream out) {
    this.root = root;
    this.data = data;
    this.java = List.copyOf(java);
    this.out = out;
  }

  /**
   * Runs the samples that are named, or all. The system property {@code dlm.java} holds the command
   * that starts programs, words separated by blanks; the environment variable {@code DLM_DATA} the
   * folder of the data, otherwise a folder {@code shared/data} here or above is taken.
   */
  public static void main(String[] names) throws IOException, InterruptedException {
    Path root = Path.of("").toAbsolutePath();
    List<String> java = List.of(System.getProperty("dlm.java", "java").split(" "));
    FullSamples samples =
        new FullSamples(
            root,
            dataFolder(Optional.ofNullable(System.getenv("DLM_DATA")), root),
            java,
            System.out);
    System.exit(samples.run(List.of(names)) ? 0 : 1);
  }

  /** The folder of all data: the one given, or the nearest {@code shared/data} at or above. */
  static Optional<Path> dataFolder(Optional<String> given, Path from) {
    if (given.isPresent()) {
      return given.map(folder -> Path.of(folder).toAbsolutePath());
    }
    for (Path at = from; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/data"))) {
        return Optional.of(at.resolve("shared/data"));
      }
    }
    return Optional.empty();
  }

  /** Runs samples, and says whether all that ran kept their promises. */
  boolean run(List<String> names) throws IOException, InterruptedException {
    List<Sample> samples =
        new ArrayList<>(SampleList.parse(Files.readString(root.resolve("samples/samples.txt"))));
    Set<String> unknown = new TreeSet<>(names);
    samples.forEach(sample -> unknown.remove(sample.name()));
    if (!unknown.isEmpty()) {
      out.println(
          "no sample " + unknown + "; there are " + samples.stream().map(Sample::name).toList());
      return false;
    }
    samples.removeIf(sample -> !names.isEmpty() && !names.contains(sample.name()));
    boolean kept = true;
    for (Sample sample : samples) {
      kept &= run(sample);
    }
    return kept;
  }

  private boolean run(Sample sample) throws IOException, InterruptedException {
    if (sample.data().isPresent() && dataOf(sample.data().get()).isEmpty()) {
      say(sample, "skipped: there is no " + sample.data().get() + " (DLM_DATA names its folder)");
      return true;
    }
    Path folder = Files.createDirectories(root.resolve("target/samples").resolve(sample.name()));
    Path log = folder.resolve("log.txt");
    Files.writeString(log, "");
    Map<String, Double> measures = new LinkedHashMap<>();
    List<String> printed = new ArrayList<>();
    long begin = System.nanoTime();
    for (List<String> command : sample.commands()) {
      printed.clear();
      int status = run(words(sample, command, folder), log, printed);
      printed.forEach(line -> measures.putAll(Measures.of(line)));
      if (status != 0) {
        say(sample, "FAILED with exit code %d, see %s".formatted(status, root.relativize(log)));
        return false;
      }
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    boolean kept = true;
    for (Promise promise : sample.promises()) {
      boolean isKept = promise.isKept(measures);
      kept &= isKept;
      say(
          sample,
          String.format(
              Locale.ROOT,
              "%-8s %s: %s  (%.0f s)",
              isKept ? "kept" : "BROKEN",
              promise,
              measures.containsKey(promise.measure())
                  ? String.format(Locale.ROOT, "%.5g", measures.get(promise.measure()))
                  : "not measured",
              seconds));
    }
    for (String file : sample.output()) {
      Path expected = sample.data().flatMap(this::dataOf).orElse(root).resolve(file);
      boolean isSame =
          String.join("\n", printed).strip().equals(Files.readString(expected).strip());
      kept &= isSame;
      say(
          sample,
          String.format(
              Locale.ROOT, "%-8s prints %s  (%.0f s)", isSame ? "kept" : "BROKEN", file, seconds));
    }
    return kept;
  }

  private void say(Sample sample, String text) {
    out.println(String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s %s", sample.name(), text));
    out.flush();
  }

  private Optional<Path> dataOf(Data wanted) {
    return data.map(folder -> folder.resolve(wanted.folder()))
        .filter(folder -> Files.exists(folder.resolve(wanted.file())));
  }

  /** The words of the process: {@code dlm …} or {@code java program.java …}. */
  List<String> words(Sample sample, List<String> command, Path folder) {
    List<String> words = new ArrayList<>();
    if (command.getFirst().equals("dlm")) {
      words.add(root.resolve("dlm").toString());
    } else {
      words.addAll(java);
    }
    for (String word : command.subList(1, command.size())) {
      String replaced = word.replace("$out", folder.resolve("out").toString());
      words.add(
          sample
              .data()
              .flatMap(this::dataOf)
              .map(found -> replaced.replace("$data", found.toString()))
              .orElse(replaced));
    }
    if (command.getFirst().equals("dlm") && command.get(1).equals("train")) {
      words.add("--json");
    }
    return words;
  }

  private int run(List<String> words, Path log, List<String> printed)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        printed.add(line);
      }
    }
    return process.waitFor();
  }
}
