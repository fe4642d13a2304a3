package dev.dlm.diagnostic;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was likely meant by one that is not known. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * The known name with the fewest insertions, deletions, substitutions and exchanges of neighbours
   * away from {@code wrong}, upper and lower case being equal; the first of several. Empty where
   * even that one differs in more than a third of its characters.
   */
  public static Optional<String> closest(String wrong, Collection<String> known) {
    int bound = Math.max(1, wrong.length() / 3);
    Optional<String> best = Optional.empty();
    int bestDistance = bound + 1;
    for (String name : known) {
      int longer = Math.max(name.length(), wrong.length());
      if (longer - Math.min(name.length(), wrong.length()) > bound) {
        continue;
      }
      int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < bestDistance && distance < longer) {
        bestDistance = distance;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /**
   * The help line for an unknown name: the one that was likely meant, or else all there are.
   *
   * @param kind what the names are of, in the plural, for example {@code inputs}
   */
  public static String help(String wrong, String kind, Collection<String> known) {
    if (known.isEmpty()) {
      return "there are no " + kind;
    }
    return closest(wrong, known)
        .map(name -> "did you mean '" + name + "'?")
        .orElseGet(() -> kind + ": " + String.join(", ", known));
  }

  /** The restricted edit distance (optimal string alignment). */
  private static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(previous[j - 1] + substitution, Math.min(previous[j] + 1, current[j - 1] + 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
        }
      }
      int[] reused = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = reused;
    }
    return previous[b.length()];
  }
}
