package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GeneratedDigitsTest {
  private static final long GOLDEN = 270_287_588L;

  private static final int PIXELS = 28 * 28;

  @Test
  void of_drawsTheSameBitsEverywhere() {
    CRC32 checksum = new CRC32();
    ArrayDataSource train = GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 100, 1);
    checksum.update(column(train, 0));
    checksum.update(column(train, 1));
    assertThat(checksum.getValue()).isEqualTo(GOLDEN);
  }

  @Test
  void of_drawsAnExampleWhateverElseIsDrawn() {
    byte[] few = column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 10, 5), 0);
    byte[] many = column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 50, 5), 0);
    assertThat(many).startsWith(few);
  }

  @Test
  void of_drawsOtherDigitsForOtherSeedsAndParts() {
    byte[] train = column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 20, 5), 0);
    assertThat(column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 20, 6), 0))
        .isNotEqualTo(train);
    assertThat(column(GeneratedDigits.of(GeneratedDigits.Part.VALIDATE, 20, 5), 0))
        .isNotEqualTo(train);
  }

  @Test
  void of_drawsLegibleSheets() {
    ArrayDataSource validate = GeneratedDigits.of(GeneratedDigits.Part.VALIDATE);
    assertThat(validate.countExamples()).isEqualTo(2_000);
    assertThat(validate.columns())
        .containsExactly(
            new DataColumn("image", DType.U8, List.of(28L, 28L)),
            new DataColumn("label", DType.U8, List.of()));
    validate.requireBelow(1, 10);
    byte[] images = column(validate, 0);
    int[] perDigit = new int[10];
    byte[] labels = column(validate, 1);
    for (int i = 0; i < 2_000; i++) {
      perDigit[labels[i]]++;
      int brightest = 0;
      long sum = 0;
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        int grey = images[i * PIXELS + pixel] & 0xff;
        brightest = Math.max(brightest, grey);
        sum += grey;
      }
      assertThat(brightest).as("ink of example %d", i).isGreaterThan(140);
      assertThat(sum / PIXELS).as("mean grey of example %d", i).isBetween(5L, 100L);
    }
    for (int count : perDigit) {
      // 200 are expected with a standard deviation of 13.4.
      assertThat(count).isBetween(140, 260);
    }
  }

  @Test
  void of_isHarderThanTheNearestMean() {
    byte[] images = column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 3_000, 1), 0);
    byte[] labels = column(GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 3_000, 1), 1);
    double[][] means = new double[10][PIXELS];
    int[] counts = new int[10];
    for (int i = 0; i < 2_000; i++) {
      counts[labels[i]]++;
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        means[labels[i]][pixel] += images[i * PIXELS + pixel] & 0xff;
      }
    }
    int right = 0;
    for (int i = 2_000; i < 3_000; i++) {
      right += nearest(means, counts, images, i) == labels[i] ? 1 : 0;
    }
    // Telling digits by their mean picture shows that they are digits, and that it is not enough.
    assertThat(right).isBetween(600, 850);
  }

  private static int nearest(double[][] means, int[] counts, byte[] images, int example) {
    int best = 0;
    double bestDistance = Double.MAX_VALUE;
    for (int digit = 0; digit < 10; digit++) {
      double distance = 0;
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        double difference =
            means[digit][pixel] / counts[digit] - (images[example * PIXELS + pixel] & 0xff);
        distance += difference * difference;
      }
      if (distance < bestDistance) {
        bestDistance = distance;
        best = digit;
      }
    }
    return best;
  }

  private static byte[] column(ArrayDataSource source, int column) {
    DataColumn description = source.columns().get(column);
    ColumnReader reader = source.reader(column, DType.U8, description.exampleShape());
    int count = (int) source.countExamples();
    MemorySegment all = Arena.ofAuto().allocate(count * reader.exampleBytes());
    reader.gather(LongStream.range(0, count).toArray(), 0, count, all);
    return all.toArray(ValueLayout.JAVA_BYTE);
  }
}
