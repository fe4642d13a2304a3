package dev.dlm.cli.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.tensor.Tensor;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngFormatTest {
  @Test
  void format_isReadBackAsTheSameImage() {
    Tensor image = Tensor.of(fractions(3 * 5 * 4), 3, 5, 4);

    Tensor back = PngFormat.parse("x.png", PngFormat.format("x.png", image), rgb(5, 4));

    assertThat(back.sizes()).containsExactly(1, 3, 5, 4);
    assertThat(back.floats()).isEqualTo(image.floats());
  }

  @Test
  void format_laysImagesOutInAGrid() {
    Tensor images = Tensor.of(new float[3 * 2 * 2], 3, 1, 2, 2);

    Picture picture = PngReader.parse("x.png", PngFormat.format("x.png", images));

    assertThat(picture.width()).isEqualTo(2 + 2 + 2);
    assertThat(picture.height()).isEqualTo(2 + 2 + 2);
    assertThat(picture.channels()).isEqualTo(1);
    assertThat(picture.sample(1, 1, 0)).isZero();
    assertThat(picture.sample(1, 2, 0)).isEqualTo(255);
    assertThat(picture.sample(5, 1, 0)).isZero();
    assertThat(picture.sample(5, 5, 0)).isEqualTo(255);
  }

  @Test
  void format_scalesFloatsFromZeroOrFromMinusOneAndCutsThemOff() {
    assertThat(samples(Tensor.of(new float[] {0, 0.5f, 1, 7, Float.NaN, 0}, 2, 3)))
        .containsExactly(0, 128, 255, 255, 0, 0);
    assertThat(samples(Tensor.of(new float[] {-1, 0, 1, -3, Float.NaN, 0}, 2, 3)))
        .containsExactly(0, 128, 255, 0, 0, 128);
    assertThat(samples(Tensor.of(new boolean[] {false, true}, 1, 2))).containsExactly(0, 255);
  }

  @ParameterizedTest
  @CsvSource({"true, 3 4", "false, 4", "false, 2 5 4 4 4", "false, 0 4"})
  void format_refusesWhatIsNoImage(boolean integers, String sizes) {
    long[] shape = Arrays.stream(sizes.split(" ")).mapToLong(Long::parseLong).toArray();
    DType dtype = integers ? DType.I32 : DType.F32;

    assertThatThrownBy(() -> PngFormat.format("x.png", Tensor.zeros(dtype, shape)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("error[tensor-file]: 'x.png': ")
        .hasMessageContaining("is no image");
  }

  @Test
  void parse_turnsColoursIntoGreyAndGreyIntoColours() {
    byte[] red = PngFormat.format("x.png", Tensor.of(new float[] {1, 0, 0}, 3, 1, 1));
    byte[] grey = PngFormat.format("x.png", Tensor.of(new float[] {0.4f}, 1, 1));

    assertThat(PngFormat.parse("x.png", red, type(DType.U8, Dim.symbol("B"), Dim.of(1))).longAt(0))
        .isEqualTo(76);
    assertThat(PngFormat.parse("x.png", grey, rgb(1, 1)).floats())
        .containsExactly(0.4f, 0.4f, 0.4f);
    TensorType free = type(DType.F32, Dim.symbol("B"), Dim.symbol("H"), Dim.symbol("W"));
    assertThat(PngFormat.parse("x.png", grey, free).sizes()).containsExactly(1, 1, 1);
  }

  /** Images written by another program: a palette of 2 bits, and grey with alpha by all filters. */
  @Test
  void parse_readsImagesOfOtherPrograms() {
    byte[] twoBits =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAADFBMVEUKFB4oMjxGUFoBAgOG"
                    + "y/ILAAAAA3RFWHR4AHlF2/MoAAAADElEQVR4nGOQYHgAAAEsAPkJVCN1AAAAAElFTkSuQmCC");
    Picture picture = PngReader.parse("p.png", twoBits);
    assertThat(picture.channels()).isEqualTo(3);
    assertThat(picture.sample(0, 0, 0)).isEqualTo(10);
    assertThat(picture.sample(0, 1, 1)).isEqualTo(50);
    assertThat(picture.sample(1, 2, 2)).isEqualTo(30);
    byte[] filtered =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAQAAADIpIVQAAAAB0lEQVR4nGNgOMF9z+w2aAAA"
                    + "ACFJREFUXOyY4lFG1aPc/0GQSfUvBDJ7xUn8A0EW1b8QKQCsCBQh7HeSvgAAAABJRU5ErkJg"
                    + "gg==");
    Picture rows = PngReader.parse("f.png", filtered);
    for (int row = 0; row < 5; row++) {
      for (int column = 0; column < 4; column++) {
        assertThat(rows.sample(row, column, 0)).isEqualTo(row * 37 + column * 11 & 0xff);
      }
    }
  }

  @Test
  void parse_saysWhatIsWrong() {
    byte[] good = PngFormat.format("x.png", Tensor.of(fractions(30 * 28), 30, 28));
    TensorType input = type(DType.F32, Dim.symbol("B"), Dim.of(784));

    assertThatThrownBy(() -> PngFormat.parse("x.png", good, input))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the image of 28 by 30 pixels is nothing for an input f32[B, 784]");
    byte[] damaged = good.clone();
    damaged[50] ^= 1;
    assertThatThrownBy(() -> PngFormat.parse("x.png", damaged, input))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the checksum of its part 'IDAT' is wrong");
    assertThatThrownBy(() -> PngFormat.parse("x.png", Arrays.copyOf(good, 40), input))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("it ends too early");
    assertThatThrownBy(() -> PngFormat.parse("x.png", "hello, world".getBytes(), input))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("it does not begin as one");
  }

  private static int[] samples(Tensor tensor) {
    Picture picture = PngReader.parse("x.png", PngFormat.format("x.png", tensor));
    int[] samples = new int[picture.width() * picture.height()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = picture.sample(i / picture.width(), i % picture.width(), 0);
    }
    return samples;
  }

  private static float[] fractions(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * 7 % 256 / 255f;
    }
    return values;
  }

  private static TensorType rgb(long height, long width) {
    return type(DType.F32, Dim.symbol("B"), Dim.of(3), Dim.of(height), Dim.of(width));
  }

  private static TensorType type(DType dtype, Dim... dims) {
    return new TensorType(dtype, new Shape(List.of(dims)));
  }
}
