package dev.dlm.training.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How much of a data set is kept out of training, and which examples that is. Immutable.
 *
 * @param amount a {@code Double} is a fraction, rounded to whole examples; any other number counts
 *     examples; zero keeps nothing, and both parts are all of the data
 * @param atEnd whether the last examples are kept, as is right for what goes with time, or random
 *     ones
 * @param seed chooses the random ones
 */
public record HeldBack(Number amount, boolean atEnd, long seed) {
  /** Nothing is kept out. */
  public static final HeldBack NOTHING = new HeldBack(0L, true, 0);

  /**
   * How many of {@code count} examples are kept out of training.
   *
   * @param origin names the data in messages
   * @throws dev.dlm.diagnostic.GraphException with code {@code data-mismatch} if none remain for
   *     training
   */
  public int count(int count, String origin) {
    long held =
        amount instanceof Double fraction ? Math.round(fraction * count) : amount.longValue();
    if (held >= count) {
      throw DataDiagnostics.mismatch(
          "'%s' holds %d, of which hold_back = %s leaves nothing for training"
              .formatted(origin, count, amount));
    }
    return (int) held;
  }

  /**
   * The examples of a part, in ascending order.
   *
   * @param origin names the data in messages
   * @throws dev.dlm.diagnostic.GraphException with code {@code data-mismatch} if none remain for
   *     training
   */
  public int[] examples(Part part, int count, String origin) {
    int held = count == 0 ? 0 : count(count, origin);
    if (held == 0) {
      return IntStream.range(0, count).toArray();
    }
    int from = part == Part.TRAINING ? 0 : count - held;
    int to = part == Part.TRAINING ? count - held : count;
    if (atEnd) {
      return IntStream.range(from, to).toArray();
    }
    Shuffle shuffle = new Shuffle(seed, 0, count);
    int[] chosen = new int[to - from];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (int) shuffle.at(from + i);
    }
    Arrays.sort(chosen);
    return chosen;
  }
}
