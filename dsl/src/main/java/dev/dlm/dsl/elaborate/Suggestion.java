package dev.dlm.dsl.elaborate;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that was likely meant. */
final class Suggestion {
  private Suggestion() {}

  /** The help line for {@code wrong}, if one of {@code known} is close to it. */
  static Optional<String> help(String wrong, Collection<String> known) {
    return closest(wrong, known).map(name -> "did you mean '" + name + "'?");
  }

  /** The name closest to {@code wrong}, the first in order of those, if it is close at all. */
  static Optional<String> closest(String wrong, Collection<String> known) {
    int bound = Math.max(1, wrong.length() / 3);
    Optional<String> best = Optional.empty();
    int bestDistance = bound + 1;
    for (String name : known) {
      if (Math.abs(name.length() - wrong.length()) > bound) {
        continue;
      }
      int distance =
          distance(
              wrong.toLowerCase(java.util.Locale.ROOT), name.toLowerCase(java.util.Locale.ROOT));
      if (distance < bestDistance && distance < Math.max(wrong.length(), name.length())) {
        bestDistance = distance;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /**
   * Insertions, deletions, substitutions and exchanges of neighbours that lead from one to the
   * other.
   */
  private static int distance(String a, String b) {
    int[][] table = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1);
        best = Math.min(best, table[i - 1][j - 1] + change);
        boolean exchanged =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        table[i][j] = exchanged ? Math.min(best, table[i - 2][j - 2] + 1) : best;
      }
    }
    return table[a.length()][b.length()];
  }
}
