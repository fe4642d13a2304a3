package dev.dlm.training.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Numbers for words, or for characters: the place of each in a list. Immutable.
 *
 * <p>Vocabularies of words begin with {@link #PADDING} and {@link #UNKNOWN}, those of targets also
 * with {@link #START} and {@link #END}; these are no words of any text, which have no angle
 * brackets.
 */
public final class Vocabulary {
  /** What fills a text up to its length, as number 0. */
  public static final String PADDING = "<padding>";

  /** A word that the vocabulary lacks, as number 1. */
  public static final String UNKNOWN = "<unknown>";

  /** What stands before the first word of a target. */
  public static final String START = "<start>";

  /** What stands behind the last word of a target. */
  public static final String END = "<end>";

  private final List<String> words;
  private final Map<String, Integer> numbers;

  /**
   * @param words the word of each number
   */
  public Vocabulary(List<String> words) {
    this.words = List.copyOf(words);
    this.numbers = HashMap.newHashMap(words.size());
    for (int i = 0; i < words.size(); i++) {
      numbers.put(words.get(i), i);
    }
  }

  /** The characters (code points) of a text, in ascending order. */
  public static List<String> characters(int[] codePoints) {
    return IntStream.of(codePoints).distinct().sorted().mapToObj(Character::toString).toList();
  }

  /**
   * The most frequent words, those of equal frequency in alphabetical order.
   *
   * @param reserved what comes first
   * @param size the most entries, the reserved ones among them
   */
  public static List<String> mostFrequent(
      Map<String, int[]> counts, List<String> reserved, int size) {
    List<String> words = new ArrayList<>(reserved);
    counts.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, int[]>>comparingInt(entry -> -entry.getValue()[0])
                .thenComparing(Map.Entry::getKey))
        .limit(Math.max(0, size - reserved.size()))
        .map(Map.Entry::getKey)
        .forEach(words::add);
    return words;
  }

  /** How many words there are. */
  public int size() {
    return words.size();
  }

  /** The word of a number. */
  public String word(int number) {
    return words.get(number);
  }

  /** The number of a word; empty if it is not among them. */
  public OptionalInt number(String word) {
    Integer number = numbers.get(word);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The number of a word, or of {@link #UNKNOWN}. */
  public int numberOrUnknown(String word) {
    Integer number = numbers.get(word);
    return number == null ? numbers.getOrDefault(UNKNOWN, 1) : number;
  }

  /** All words, the place being the number. */
  public List<String> words() {
    return words;
  }
}
