package dev.dlm.training.reader;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataBytes;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.DecodedDataSource;
import dev.dlm.training.data.DecodedDataSource.DecodedColumn;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.data.Vocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts that belong to classes, a row of fields each: column {@code i32[length]}, the numbers of
 * the text's words ({@link Words}) with {@link Vocabulary#PADDING} behind the last, and column
 * {@code i32[]}, the number of the class.
 */
public final class LabelledTextData implements ExampleReader {
  /** The name of the vocabulary among what is fitted. */
  public static final String WORDS = "words";

  private static final List<String> RESERVED = List.of(Vocabulary.PADDING, Vocabulary.UNKNOWN);

  /**
   * How the file is written and what is taken from it.
   *
   * @param text the column of the text: a {@code String} or a number as {@code Long}
   * @param label the column of the class
   * @param separator of fields
   * @param maxFields where more than zero, separators behind that many fields less one are text
   * @param header whether the first row names the columns
   * @param vocabulary the most words, padding and unknown among them
   * @param length words of an example
   * @param keepsEnd whether of a longer text the last words are taken, not the first
   */
  public record Form(
      Object text,
      Object label,
      char separator,
      int maxFields,
      boolean header,
      int vocabulary,
      int length,
      boolean keepsEnd) {}

  private final List<String> names;
  private final SeparatedText table;
  private final Form form;
  private final HeldBack held;
  private final int text;
  private final int label;

  private LabelledTextData(List<String> names, SeparatedText table, Form form, HeldBack held) {
    this.names = List.copyOf(names);
    this.table = table;
    this.form = form;
    this.held = held;
    this.text = table.place(form.text());
    this.label = table.place(form.label());
  }

  /**
   * Reads a file in UTF-8, plain or behind gzip.
   *
   * @param names of the two columns
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static LabelledTextData read(List<String> names, Path file, Form form, HeldBack held) {
    boolean quotes = form.separator() == ',';
    SeparatedText.Form written =
        new SeparatedText.Form(form.separator(), form.header(), form.maxFields(), quotes);
    String content = DataBytes.text(file);
    return new LabelledTextData(
        names, SeparatedText.parse(file.toString(), content, written), form, held);
  }

  @Override
  public Fitted fit() {
    int[] rows = rows(Part.TRAINING);
    Map<String, int[]> counts = new HashMap<>();
    for (int row : rows) {
      for (String word : Words.of(field(row, text).text(), false)) {
        counts.computeIfAbsent(word, _ -> new int[1])[0]++;
      }
    }
    Map<String, List<String>> lists = new TreeMap<>();
    lists.put(WORDS, Vocabulary.mostFrequent(counts, RESERVED, form.vocabulary()));
    lists.put(
        Categories.list(table.name(label)),
        Categories.fit(Arrays.stream(rows).mapToObj(row -> field(row, label).text().strip())));
    return new Fitted(new TreeMap<>(lists));
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    int[] rows = rows(part);
    Vocabulary vocabulary = fitted.vocabulary(WORDS);
    Categories categories = new Categories(table.origin(), table.name(label), fitted);
    int[][] texts = new int[rows.length][];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      texts[i] = numbers(vocabulary, field(rows[i], text).text());
      labels[i] = categories.number(field(rows[i], label));
    }
    DataColumn words = new DataColumn(names.get(0), DType.I32, List.of((long) form.length()));
    DataColumn classes = new DataColumn(names.get(1), DType.I32, List.of());
    String origin = table.origin();
    return DecodedDataSource.of(
        rows.length,
        List.of(
            new DecodedColumn(
                words,
                (_, example, elements) -> padded(texts[example], form.length(), elements),
                0,
                vocabulary.size() - 1L,
                origin),
            new DecodedColumn(
                classes,
                (_, example, elements) -> elements.put(0, labels[example]),
                0,
                categories.count() - 1L,
                origin)));
  }

  /** Puts numbers and then padding. */
  static void padded(int[] numbers, int length, DecodedDataSource.Elements elements) {
    for (int i = 0; i < length; i++) {
      elements.put(i, i < numbers.length ? numbers[i] : 0);
    }
  }

  private int[] numbers(Vocabulary vocabulary, String content) {
    List<String> words = Words.of(content, false);
    int count = Math.min(words.size(), form.length());
    int first = form.keepsEnd() ? words.size() - count : 0;
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = vocabulary.numberOrUnknown(words.get(first + i));
    }
    return numbers;
  }

  private int[] rows(Part part) {
    return held.examples(part, table.rows().size(), table.origin());
  }

  private SeparatedText.Field field(int row, int column) {
    return table.rows().get(row).fields().get(column);
  }
}
