package dev.dlm.training.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text in lower case: runs of letters, digits and marks, with apostrophes inside.
 * Tags in angle brackets, such as {@code <br />}, and all else stand between words; on demand a
 * mark of punctuation is a word of its own.
 */
public final class Words {
  private static final String PUNCTUATION = ".,;:!?…\"«»()-";
  private static final int LONGEST_TAG = 40;

  private Words() {}

  /**
   * The words in order.
   *
   * @param punctuation whether marks of punctuation are words too
   */
  public static List<String> of(String text, boolean punctuation) {
    String lower = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    List<String> words = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i < lower.length(); ) {
      int codePoint = lower.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (isOfWord(codePoint) || (codePoint == '\'' && begin >= 0 && continues(lower, next))) {
        begin = begin < 0 ? i : begin;
      } else {
        if (begin >= 0) {
          words.add(lower.substring(begin, i));
          begin = -1;
        }
        if (codePoint == '<') {
          next = behindTag(lower, i);
        } else if (punctuation && PUNCTUATION.indexOf(codePoint) >= 0) {
          words.add(Character.toString(codePoint));
        }
      }
      i = next;
    }
    if (begin >= 0) {
      words.add(lower.substring(begin));
    }
    return words;
  }

  private static boolean isOfWord(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.getType(codePoint) == Character.NON_SPACING_MARK;
  }

  private static boolean continues(String text, int index) {
    return index < text.length() && isOfWord(text.codePointAt(index));
  }

  /** Where reading goes on after a {@code <}. */
  private static int behindTag(String text, int open) {
    int close = text.indexOf('>', open);
    boolean tag =
        close > open + 1
            && close - open <= LONGEST_TAG
            && (text.charAt(open + 1) == '/' || Character.isLetter(text.charAt(open + 1)));
    return tag ? close + 1 : open + 1;
  }
}
