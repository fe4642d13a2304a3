package dev.dlm.training.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TokenChoiceTest {
  private static final float[] PROBABILITIES = {0.1f, 0.4f, 0.1f, 0.4f, 0};
  private static final int DRAWS = 20_000;

  @Test
  void choose_atTemperatureZero_takesTheFirstMostProbable() {
    assertThat(new TokenChoice(0, 0, 7).choose(PROBABILITIES)).isEqualTo(1);
  }

  @Test
  void choose_atTemperatureOne_followsTheProbabilities() {
    assertShares(new TokenChoice(1, 0, 7), 0.1, 0.4, 0.1, 0.4, 0);
  }

  @Test
  void choose_atLowTemperature_prefersTheProbable() {
    // Squares: 0.01, 0.16, 0.01, 0.16.
    assertShares(new TokenChoice(0.5, 0, 7), 1 / 34.0, 16 / 34.0, 1 / 34.0, 16 / 34.0, 0);
  }

  @Test
  void choose_amongTheTop_takesNoOther() {
    assertShares(new TokenChoice(1, 3, 7), 1 / 9.0, 4 / 9.0, 0, 4 / 9.0, 0);
  }

  @Test
  void choose_staysFiniteForTinyProbabilitiesAndTemperatures() {
    TokenChoice choice = new TokenChoice(1e-3, 0, 7);
    assertThat(choice.choose(new float[] {1e-38f, 2e-38f, 0})).isEqualTo(1);
  }

  @Test
  void choose_withTheSameSeed_isTheSame() {
    TokenChoice one = new TokenChoice(1, 0, 7);
    TokenChoice other = new TokenChoice(1, 0, 7);
    for (int i = 0; i < 100; i++) {
      assertThat(one.choose(PROBABILITIES)).isEqualTo(other.choose(PROBABILITIES));
    }
  }

  @Test
  void constructor_refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new TokenChoice(-1, 0, 7))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenChoice(1, -1, 7))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertShares(TokenChoice choice, double... expected) {
    int[] counts = new int[expected.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[choice.choose(PROBABILITIES)]++;
    }
    for (int token = 0; token < expected.length; token++) {
      // Five standard deviations of a share among 20,000 draws are at most 0.018.
      assertThat(counts[token] / (double) DRAWS).isCloseTo(expected[token], within(0.018));
      assertThat(counts[token] == 0).isEqualTo(expected[token] == 0);
    }
  }
}
