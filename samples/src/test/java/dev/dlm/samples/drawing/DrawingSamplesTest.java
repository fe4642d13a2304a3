package dev.dlm.samples.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.ArrayDataSource.ArrayColumn;
import dev.dlm.training.data.ArrayDataSource.Origin;
import dev.dlm.training.data.DataColumn;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawingSamplesTest {
  private static final int[] LABELS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  @TempDir Path folder;

  private static Path sample(String name) {
    return Path.of(name, name + ".dlm");
  }

  /** In so few steps the discriminator, at a rate of 2e-4, gains half a hundredth. */
  @ParameterizedTest
  @CsvSource({
    "autoencoder, loss, 0.9",
    "variational-autoencoder, loss, 0.9",
    "dcgan, discriminator_loss, 0.997"
  })
  void training_makesTheLossSmaller(String name, String loss, double part) throws IOException {
    SmallTraining training = SmallTraining.of(sample(name), true, 24, 16, folder);
    assertThat(training.steps()).hasSize(24);
    assertThat(training.mean(loss, 20, 24)).isLessThan(part * training.mean(loss, 0, 4));
  }

  @Test
  void diffusion_findsSomeOfTheNoise() throws IOException {
    SmallTraining training = SmallTraining.of(sample("diffusion"), true, 24, 8, folder);
    assertThat(training.mean("loss", 0, 2)).isBetween(0.9, 1.1);
    assertThat(training.mean("loss", 20, 24)).isLessThan(0.98);
  }

  @Test
  void resnet18_tellsDarkImagesFromBrightOnes() throws IOException {
    int count = 12 * 8;
    byte[] images = new byte[count * 3 * 32 * 32];
    byte[] labels = new byte[count];
    Random random = new Random(3);
    for (int i = 0; i < images.length; i++) {
      int label = i / (3 * 32 * 32) % 2;
      labels[i / (3 * 32 * 32)] = (byte) label;
      images[i] = (byte) (random.nextInt(100) + 150 * label);
    }
    Origin origin = new Origin("noise", 0, 1);
    ArrayDataSource data =
        ArrayDataSource.of(
            List.of(
                new ArrayColumn(
                    new DataColumn("image", DType.U8, List.of(3L, 32L, 32L)),
                    MemorySegment.ofArray(images),
                    origin),
                new ArrayColumn(
                    new DataColumn("label", DType.U8, List.of()),
                    MemorySegment.ofArray(labels),
                    origin)));
    SmallTraining training = SmallTraining.of(sample("resnet18"), true, data, 8, folder);
    assertThat(training.mean("loss", 0, 1)).isBetween(1.0, 4.0);
    assertThat(training.mean("loss", 10, 12)).isLessThan(0.8 * training.mean("loss", 0, 1));
  }

  @ParameterizedTest
  @CsvSource({"variational-autoencoder, false", "dcgan, true", "diffusion, true"})
  void draw_takesTheWeightsOfTheTraining(String name, boolean takesLabels) throws IOException {
    SmallTraining training = SmallTraining.of(sample(name), true, 1, 8, folder);
    try (DigitDrawer drawer = DigitDrawer.open(training.file(), training.weights())) {
      assertThat(drawer.takesLabels()).isEqualTo(takesLabels);
      float[] images = drawer.draw(LABELS, new Random(1));
      assertThat(images).hasSize(LABELS.length * DigitDrawer.PIXELS);
      for (float pixel : images) {
        assertThat(pixel).isBetween(0f, 1f);
      }
      assertThat(drawer.draw(LABELS, new Random(1))).isEqualTo(images);
      assertThat(drawer.draw(LABELS, new Random(2))).isNotEqualTo(images);
    }
  }

  @Test
  void reader_saysWhatImagesShow() throws IOException {
    SmallTraining training = SmallTraining.of(sample("digits"), false, 2, 8, folder);
    try (DigitReader reader = DigitReader.open(training.file(), training.weights())) {
      float[] images = new float[3 * DigitDrawer.PIXELS];
      Random random = new Random(4);
      for (int i = 0; i < images.length; i++) {
        images[i] = random.nextFloat();
      }
      int[] found = reader.read(images);
      assertThat(found).hasSize(3);
      assertThat(reader.accuracy(images, found)).isEqualTo(1);
      assertThat(DrawDigits.accuracy(images, training.file(), training.weights()))
          .isEqualTo(reader.accuracy(images, new int[] {0, 1, 2}));
      found[1] = (found[1] + 1) % 10;
      assertThat(reader.accuracy(images, found)).isEqualTo(2 / 3.0);
    }
  }

  @Test
  void save_writesAnImageFile() throws IOException {
    SmallTraining training = SmallTraining.of(sample("dcgan"), true, 1, 8, folder);
    float[] images = DrawDigits.draw(training.file(), training.weights(), 1, 5);
    Path picture = folder.resolve("drawn.png");
    DrawDigits.save(images, 10, picture);
    assertThat(images).hasSize(10 * DigitDrawer.PIXELS);
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
  }
}
