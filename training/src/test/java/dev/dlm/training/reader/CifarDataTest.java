package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.reader.CifarData.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarDataTest {
  private static final int RECORD = 3073;

  @TempDir private Path folder;

  @Test
  void open_givesPixelsAsFractionsAndClasses() throws IOException {
    DataSource source =
        read(3, HeldBack.NOTHING, Variation.NONE).open(Part.TRAINING, Fitted.NOTHING);

    assertThat(source.countExamples()).isEqualTo(3);
    assertThat(source.columns().getFirst().exampleShape()).containsExactly(3L, 32L, 32L);
    float[] image = Examples.floats(source, 0, 2);
    assertThat(image[0]).isEqualTo(pixel(2, 0) / 255f);
    assertThat(image[3071]).isEqualTo(pixel(2, 3071) / 255f);
    assertThat(Examples.ints(source, 1, 2)).containsExactly(2);
  }

  @Test
  void open_sharesTheImagesBetweenTheParts() throws IOException {
    CifarData data = read(50, new HeldBack(10L, false, 3), Variation.NONE);
    List<Integer> all = new ArrayList<>();
    for (Part part : Part.values()) {
      DataSource source = data.open(part, Fitted.NOTHING);
      for (int i = 0; i < source.countExamples(); i++) {
        all.add(Examples.ints(source, 0, i)[0]);
      }
    }

    assertThat(data.open(Part.VALIDATION, Fitted.NOTHING).countExamples()).isEqualTo(10);
    assertThat(all).hasSize(50).doesNotHaveDuplicates();
    assertThat(all.subList(40, 50)).isNotEqualTo(List.of(40, 41, 42, 43, 44, 45, 46, 47, 48, 49));
  }

  @Test
  void open_variesTrainingImagesBySeedEpochAndImageAlone() throws IOException {
    Variation variation = new Variation(true, 2, 5);
    DataSource source = read(2, HeldBack.NOTHING, variation).open(Part.TRAINING, Fitted.NOTHING);
    DataSource same = read(2, HeldBack.NOTHING, variation).open(Part.TRAINING, Fitted.NOTHING);
    DataSource plain = read(2, HeldBack.NOTHING, variation).open(Part.VALIDATION, Fitted.NOTHING);
    int[] original = Examples.ints(plain, 0, 1);
    Set<List<Integer>> seen = new HashSet<>();

    for (long epoch = 0; epoch < 600; epoch++) {
      int[] image = Examples.ints(source, 0, epoch, 1);
      assertThat(image).isEqualTo(Examples.ints(same, 0, epoch, 1));
      seen.add(move(original, image));
    }
    assertThat(seen).hasSize(2 * 5 * 5);
  }

  /** Whether an image was mirrored, and how it was moved. */
  private static List<Integer> move(int[] original, int[] image) {
    for (int mirrored = 0; mirrored < 2; mirrored++) {
      for (int down = -2; down <= 2; down++) {
        for (int right = -2; right <= 2; right++) {
          if (isMoved(original, image, mirrored == 1, down, right)) {
            return List.of(mirrored, down, right);
          }
        }
      }
    }
    throw new AssertionError("the image was not only mirrored and moved");
  }

  private static boolean isMoved(
      int[] original, int[] image, boolean mirrored, int down, int right) {
    for (int i = 0; i < image.length; i++) {
      int y = i / 32 % 32 - down;
      int x = (mirrored ? 31 - i % 32 : i % 32) - right;
      boolean inside = y >= 0 && y < 32 && x >= 0 && x < 32;
      if (image[i] != (inside ? original[i / 1024 * 1024 + y * 32 + x] : 0)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void read_namesTheByteThatIsAtFault() throws IOException {
    Path file = folder.resolve("bad.bin");
    byte[] bytes = records(2);
    bytes[RECORD] = 10;
    Files.write(file, bytes);

    assertThatThrownBy(() ->
            CifarData.read(List.of("i", "l"), List.of(file), HeldBack.NOTHING, Variation.NONE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("bad.bin' is not valid data: at byte 3073")
        .hasMessageContaining("the class of image 1 is 10, expected 0 to 9");
    Files.write(file, new byte[RECORD + 1]);
    assertThatThrownBy(() ->
            CifarData.read(List.of("i", "l"), List.of(file), HeldBack.NOTHING, Variation.NONE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("at byte 3074: the file ends, expected whole records of 3073 bytes");
  }

  private CifarData read(int count, HeldBack held, Variation variation) throws IOException {
    Path file = folder.resolve("batch.bin");
    Files.write(file, records(count));
    return CifarData.read(List.of("image", "label"), List.of(file), held, variation);
  }

  private static byte[] records(int count) {
    byte[] bytes = new byte[count * RECORD];
    for (int image = 0; image < count; image++) {
      bytes[image * RECORD] = (byte) (image % 10);
      for (int i = 0; i < RECORD - 1; i++) {
        bytes[image * RECORD + 1 + i] = (byte) pixel(image, i);
      }
    }
    return bytes;
  }

  /** The first pixel is the image's number, the others are mixed. */
  private static int pixel(int image, int index) {
    return index == 0
        ? image
        : (index * 2654435761L + image * 97L >>> 7 & 0xff) > 127 ? 200 : 1 + index % 90;
  }
}
