package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  private static final long[] GOLDEN = {51244, 8285, 57279, 3234, 44612, 54130};

  @Property(tries = 300)
  void at_isABijection(
      @ForAll long seed, @ForAll long epoch, @ForAll @IntRange(min = 1, max = 3000) int size) {
    Shuffle shuffle = new Shuffle(seed, epoch, size);
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      long index = shuffle.at(i);
      assertThat(index).isBetween(0L, size - 1L);
      seen.set((int) index);
    }
    assertThat(seen.cardinality()).isEqualTo(size);
  }

  @Test
  void at_givesTheSameOrderEverywhere() {
    Shuffle shuffle = new Shuffle(42, 3, 60_000);
    assertThat(LongStream.range(0, 6).map(shuffle::at).toArray()).containsExactly(GOLDEN);
  }

  @Test
  void at_differsBetweenSeedsAndEpochs() {
    long[] first = order(new Shuffle(1, 0, 100));
    assertThat(order(new Shuffle(1, 0, 100))).isEqualTo(first);
    assertThat(order(new Shuffle(1, 1, 100))).isNotEqualTo(first);
    assertThat(order(new Shuffle(2, 0, 100))).isNotEqualTo(first);
  }

  @Test
  void at_putsEveryIndexEverywhereEquallyOften() {
    int size = 10;
    int epochs = 20_000;
    int[][] counts = new int[size][size];
    for (int epoch = 0; epoch < epochs; epoch++) {
      Shuffle shuffle = new Shuffle(7, epoch, size);
      for (int i = 0; i < size; i++) {
        counts[i][(int) shuffle.at(i)]++;
      }
    }
    double expected = epochs / (double) size;
    double chiSquare = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
    }
    // 81 degrees of freedom: 150 is exceeded by chance with a probability of about 5e-6.
    assertThat(chiSquare).isLessThan(150);
  }

  @Test
  void at_refusesPositionsOutside() {
    Shuffle shuffle = new Shuffle(1, 0, 5);
    assertThatThrownBy(() -> shuffle.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> shuffle.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException().isThrownBy(() -> new Shuffle(1, 0, 0));
  }

  @Test
  void at_worksOnTheLargestSize() {
    Shuffle shuffle = new Shuffle(1, 0, 1L << 62);
    assertThat(shuffle.at((1L << 62) - 1)).isBetween(0L, (1L << 62) - 1);
  }

  private static long[] order(Shuffle shuffle) {
    return LongStream.range(0, shuffle.size()).map(shuffle::at).toArray();
  }
}
