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
import dev.dlm.training.data.SplitMix64;
import dev.dlm.training.data.TextPlace;
import dev.dlm.training.data.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Running text as windows of characters: column {@code i32[length]}, the numbers of its characters
 * (code points) in the vocabulary; a second column holds the same window one character on, which is
 * what a model of the next character learns.
 *
 * <p>Windows lie end to end. Those for training begin elsewhere in each epoch, so that every
 * character comes to stand at every place; those for validation cover their text. What is held back
 * is the end of the text, counted in characters.
 */
public final class TextData implements ExampleReader {
  /** The name of the vocabulary, one character a value, among what is fitted. */
  public static final String CHARACTERS = "characters";

  private final String origin;
  private final List<String> names;
  private final String text;
  private final int[] codePoints;
  private final int length;
  private final int countTraining;

  private TextData(String origin, List<String> names, String text, int length, HeldBack held) {
    this.origin = origin;
    this.names = List.copyOf(names);
    this.text = text;
    this.codePoints = text.codePoints().toArray();
    this.length = length;
    this.countTraining =
        codePoints.length - (codePoints.length == 0 ? 0 : held.count(codePoints.length, origin));
  }

  /**
   * Reads a text in UTF-8.
   *
   * @param names of the columns, one or two
   * @param length characters of a window
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static TextData read(List<String> names, Path file, int length, HeldBack held) {
    return new TextData(file.toString(), names, DataBytes.text(file), length, held);
  }

  @Override
  public Fitted fit() {
    return Fitted.of(CHARACTERS, Vocabulary.characters(Arrays.copyOf(codePoints, countTraining)));
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    boolean training = part == Part.TRAINING;
    boolean whole = countTraining == codePoints.length;
    int from = training || whole ? 0 : countTraining;
    int to = training ? countTraining : codePoints.length;
    Vocabulary vocabulary = fitted.vocabulary(CHARACTERS);
    int[] numbers = numbers(vocabulary, from, to);
    int width = length + names.size() - 1;
    int covering = numbers.length < width ? 0 : (numbers.length - width) / length + 1;
    if (covering == 0) {
      throw DataDiagnostics.mismatch(
          "'%s' has %d characters for this, fewer than the %d of an example"
              .formatted(origin, numbers.length, width));
    }
    boolean moving = training && covering > 1;
    List<DecodedColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int ahead = i;
      columns.add(
          new DecodedColumn(
              new DataColumn(names.get(i), DType.I32, List.of((long) length)),
              (epoch, example, elements) -> {
                int begin = example * length + ahead + (moving ? start(epoch) : 0);
                for (int k = 0; k < length; k++) {
                  elements.put(k, numbers[begin + k]);
                }
              },
              0,
              vocabulary.size() - 1,
              origin));
    }
    return DecodedDataSource.of(moving ? covering - 1 : covering, columns);
  }

  /** Where the first window of an epoch begins. */
  private int start(long epoch) {
    return (int) Long.remainderUnsigned(SplitMix64.combine(length, epoch), length);
  }

  private int[] numbers(Vocabulary vocabulary, int from, int to) {
    int[] numbers = new int[to - from];
    for (int i = from; i < to; i++) {
      OptionalInt number = vocabulary.number(Character.toString(codePoints[i]));
      if (number.isEmpty()) {
        TextPlace place = TextPlace.of(text, text.offsetByCodePoints(0, i));
        throw DataDiagnostics.invalidAt(
            origin,
            place.line(),
            place.column(),
            "the character %s does not occur in the training text"
                .formatted(quoted(codePoints[i])));
      }
      numbers[i - from] = number.getAsInt();
    }
    return numbers;
  }

  private static String quoted(int codePoint) {
    return Character.isISOControl(codePoint)
        ? "U+%04X".formatted(codePoint)
        : "'" + Character.toString(codePoint) + "'";
  }
}
