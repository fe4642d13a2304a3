package dev.dlm.training.reader;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataBytes;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.DecodedDataSource;
import dev.dlm.training.data.DecodedDataSource.DecodedColumn;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.data.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sentences and their translations, a pair a line with a tab between: column {@code i32[length]},
 * the numbers of the source's words, and column {@code i32[length + 1]}, those of the target
 * between {@link Vocabulary#START} and {@link Vocabulary#END}; {@link Vocabulary#PADDING} stands
 * behind both. Without its last, and without its first place, a target is what a decoder is given
 * and what it is to say.
 *
 * <p>Marks of punctuation are words. Pairs that are too long are left out. What is held back are
 * source sentences with all of their translations, so that none of them is known from training.
 */
public final class SentencePairData implements ExampleReader {
  /** The name of the source's vocabulary among what is fitted. */
  public static final String SOURCE_WORDS = "source words";

  /** The name of the target's vocabulary among what is fitted. */
  public static final String TARGET_WORDS = "target words";

  private static final List<String> SOURCE_RESERVED =
      List.of(Vocabulary.PADDING, Vocabulary.UNKNOWN);
  private static final List<String> TARGET_RESERVED =
      List.of(Vocabulary.PADDING, Vocabulary.UNKNOWN, Vocabulary.START, Vocabulary.END);

  /**
   * What is taken from the file.
   *
   * @param entry of a zip archive; where empty, its largest
   * @param vocabulary the most words of each language, reserved ones among them
   * @param length words of the longest source, and one more than those of the longest target
   * @param limit where more than zero, the most pairs, the first ones
   */
  public record Form(String entry, int vocabulary, int length, int limit) {}

  private record Pair(int sentence, List<String> source, List<String> target) {}

  private final List<String> names;
  private final String origin;
  private final Form form;
  private final HeldBack held;
  private final List<Pair> pairs;
  private final int countSentences;

  private SentencePairData(
      List<String> names, String origin, Form form, HeldBack held, String text) {
    this.names = List.copyOf(names);
    this.origin = origin;
    this.form = form;
    this.held = held;
    this.pairs = new ArrayList<>();
    Map<String, Integer> sentences = new HashMap<>();
    int line = 1;
    for (int at = 0; at < text.length() && !isFull(); line++) {
      int end = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
      add(text.substring(at, end), line, sentences);
      at = end + 1;
    }
    this.countSentences = sentences.size();
  }

  /**
   * Reads a zip archive, or a file in UTF-8, plain or behind gzip.
   *
   * @param names of the two columns
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static SentencePairData read(List<String> names, Path file, Form form, HeldBack held) {
    String text = DataBytes.entry(file, form.entry());
    return new SentencePairData(names, file.toString(), form, held, text);
  }

  private boolean isFull() {
    return form.limit() > 0 && pairs.size() >= form.limit();
  }

  private void add(String line, int number, Map<String, Integer> sentences) {
    String content = line.strip();
    if (content.isEmpty()) {
      return;
    }
    String[] fields = content.split("\t", -1);
    if (fields.length < 2) {
      throw DataDiagnostics.invalidAt(
          origin, number, 1, "expected a sentence, a tab, and its translation");
    }
    List<String> source = Words.of(fields[0], true);
    List<String> target = Words.of(fields[1], true);
    if (source.size() <= form.length() && target.size() < form.length()) {
      int next = sentences.size();
      Integer known = sentences.putIfAbsent(String.join(" ", source), next);
      pairs.add(new Pair(known == null ? next : known, source, target));
    }
  }

  @Override
  public Fitted fit() {
    Map<String, int[]> sources = new HashMap<>();
    Map<String, int[]> targets = new HashMap<>();
    for (Pair pair : of(Part.TRAINING)) {
      pair.source.forEach(word -> sources.computeIfAbsent(word, _ -> new int[1])[0]++);
      pair.target.forEach(word -> targets.computeIfAbsent(word, _ -> new int[1])[0]++);
    }
    Map<String, List<String>> lists = new TreeMap<>();
    lists.put(SOURCE_WORDS, Vocabulary.mostFrequent(sources, SOURCE_RESERVED, form.vocabulary()));
    lists.put(TARGET_WORDS, Vocabulary.mostFrequent(targets, TARGET_RESERVED, form.vocabulary()));
    return new Fitted(new TreeMap<>(lists));
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    Vocabulary sourceWords = fitted.vocabulary(SOURCE_WORDS);
    Vocabulary targetWords = fitted.vocabulary(TARGET_WORDS);
    List<Pair> chosen = of(part);
    int[][] sources = new int[chosen.size()][];
    int[][] targets = new int[chosen.size()][];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = numbers(sourceWords, chosen.get(i).source);
      List<String> target = new ArrayList<>(chosen.get(i).target);
      target.addFirst(Vocabulary.START);
      target.addLast(Vocabulary.END);
      targets[i] = numbers(targetWords, target);
    }
    return DecodedDataSource.of(
        chosen.size(),
        List.of(
            column(names.get(0), form.length(), sources, sourceWords),
            column(names.get(1), form.length() + 1, targets, targetWords)));
  }

  private DecodedColumn column(String name, int length, int[][] numbers, Vocabulary words) {
    return new DecodedColumn(
        new DataColumn(name, DType.I32, List.of((long) length)),
        (_, example, elements) -> LabelledTextData.padded(numbers[example], length, elements),
        0,
        words.size() - 1L,
        origin);
  }

  private static int[] numbers(Vocabulary vocabulary, List<String> words) {
    return words.stream().mapToInt(vocabulary::numberOrUnknown).toArray();
  }

  private List<Pair> of(Part part) {
    boolean[] wanted = new boolean[countSentences];
    for (int sentence : held.examples(part, countSentences, origin)) {
      wanted[sentence] = true;
    }
    return pairs.stream().filter(pair -> wanted[pair.sentence]).toList();
  }
}
