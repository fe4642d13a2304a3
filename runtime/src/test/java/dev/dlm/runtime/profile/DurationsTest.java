package dev.dlm.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void quantiles_areWithinAHundredthOfTheExactOnes() {
    Random random = new Random(5);
    long[] all = new long[10_001];
    Durations durations = new Durations();
    for (int i = 0; i < all.length; i++) {
      all[i] = (long) Math.exp(20 * random.nextDouble());
      durations.add(all[i]);
    }
    Arrays.sort(all);
    for (double share : new double[] {0, 0.1, 0.5, 0.9, 0.99, 1}) {
      long exact = all[Math.max(0, (int) Math.ceil(share * all.length) - 1)];
      assertThat(durations.quantileNanos(share)).isCloseTo(exact, Percentage.withPercentage(1));
    }
    assertThat(durations.minNanos()).isEqualTo(all[0]);
    assertThat(durations.maxNanos()).isEqualTo(all[all.length - 1]);
    assertThat(durations.totalNanos()).isEqualTo(Arrays.stream(all).sum());
  }

  @Test
  void smallDurations_areExact() {
    Durations durations = new Durations();
    for (long nanos : new long[] {0, 1, 2, 3, 100, 127, 128, 255}) {
      durations.add(nanos);
    }
    assertThat(durations.quantileNanos(0.25)).isEqualTo(1);
    assertThat(durations.quantileNanos(0.5)).isEqualTo(3);
    assertThat(durations.quantileNanos(1)).isEqualTo(255);
    durations.add(-7);
    assertThat(durations.minNanos()).isZero();
  }

  @Test
  void nothing_hasNoDuration() {
    Durations durations = new Durations();
    assertThat(durations.count()).isZero();
    assertThat(durations.minNanos()).isZero();
    assertThat(durations.maxNanos()).isZero();
    assertThat(durations.quantileNanos(0.5)).isZero();
  }

  @Test
  void addAll_countsAsIfOneHadCounted() {
    Random random = new Random(6);
    Durations one = new Durations();
    Durations first = new Durations();
    Durations second = new Durations();
    for (int i = 0; i < 1000; i++) {
      long nanos = random.nextLong(1L << random.nextInt(1, 40));
      one.add(nanos);
      (i % 3 == 0 ? first : second).add(nanos);
    }
    first.addAll(second);
    assertThat(first.count()).isEqualTo(1000);
    assertThat(first.totalNanos()).isEqualTo(one.totalNanos());
    assertThat((double) first.quantileNanos(0.7)).isCloseTo(one.quantileNanos(0.7), within(0.0));
    assertThat(first.minNanos()).isEqualTo(one.minNanos());
    assertThat(first.maxNanos()).isEqualTo(one.maxNanos());
  }
}
