package dev.dlm.training.generate;

import dev.dlm.training.data.SplitMix64;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses tokens by their probabilities {@code p}: token {@code i} with a probability in proportion
 * to {@code p[i]^(1 / temperature)}, or at temperature 0 the most probable one, the first of
 * several.
 *
 * <p>The same seed and the same probabilities give the same tokens. Not thread-safe.
 */
public final class TokenChoice {
  private final double temperature;
  private final int top;
  private final SplitMix64 random;

  /**
   * @param temperature 0 for the most probable token, 1 for the model's own probabilities
   * @param top only the most probable so many are chosen from; 0 for all
   * @throws IllegalArgumentException if one is negative or the temperature not finite
   */
  public TokenChoice(double temperature, int top, long seed) {
    if (!(temperature >= 0) || Double.isInfinite(temperature) || top < 0) {
      throw new IllegalArgumentException("temperature %s, top %d".formatted(temperature, top));
    }
    this.temperature = temperature;
    this.top = top;
    this.random = new SplitMix64(seed);
  }

  /** Chooses a token. */
  public int choose(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    if (temperature == 0) {
      return best;
    }
    double[] weights = new double[probabilities.length];
    double total = 0;
    for (int token : candidates(probabilities)) {
      // In relation to the best one, so that low temperatures do not end in zeros alone.
      weights[token] =
          StrictMath.exp(
              (StrictMath.log(probabilities[token]) - StrictMath.log(probabilities[best]))
                  / temperature);
      total += weights[token];
    }
    double left = random.nextFraction() * total;
    for (int token = 0; token < weights.length; token++) {
      left -= weights[token];
      if (left < 0 && weights[token] > 0) {
        return token;
      }
    }
    return best;
  }

  private int[] candidates(float[] probabilities) {
    int[] all = IntStream.range(0, probabilities.length).toArray();
    if (top == 0 || top >= all.length) {
      return all;
    }
    int[] sorted =
        IntStream.of(all)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer token) -> -probabilities[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    return Arrays.copyOf(sorted, top);
  }
}
