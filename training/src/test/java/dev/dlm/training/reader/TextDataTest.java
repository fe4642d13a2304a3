package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDataTest {
  @TempDir private Path folder;

  @Test
  void open_forValidationCutsTheTextIntoWindowsAndTheirContinuations() throws IOException {
    TextData data = read("abcabcabca", 3, HeldBack.NOTHING, "now", "next");
    Fitted fitted = data.fit();
    DataSource source = data.open(Part.VALIDATION, fitted);

    assertThat(fitted.list(TextData.CHARACTERS)).containsExactly("a", "b", "c");
    assertThat(source.countExamples()).isEqualTo(3);
    assertThat(source.columns().get(0).dtype()).isEqualTo(DType.I32);
    assertThat(Examples.ints(source, 0, 1)).containsExactly(0, 1, 2);
    assertThat(Examples.ints(source, 1, 1)).containsExactly(1, 2, 0);
    assertThat(Examples.ints(source, 1, 2)).containsExactly(1, 2, 0);
    assertThat(Examples.ints(source, 0, 5, 1)).containsExactly(0, 1, 2);
  }

  @Test
  void open_forTrainingBeginsElsewhereInEachEpochAndStaysInThePart() throws IOException {
    TextData data = read("0123456789abcdefXY", 4, new HeldBack(2L, true, 0), "tokens");
    DataSource source = data.open(Part.TRAINING, data.fit());
    Set<Integer> firsts = new HashSet<>();

    assertThat(data.fit().list(TextData.CHARACTERS)).hasSize(16);
    assertThat(source.countExamples()).isEqualTo(3);
    for (long epoch = 0; epoch < 40; epoch++) {
      int[] first = Examples.ints(source, 0, epoch, 0);
      int[] last = Examples.ints(source, 0, epoch, 2);
      firsts.add(first[0]);
      assertThat(last[0]).isEqualTo(first[0] + 8);
      assertThat(Examples.ints(source, 0, epoch, 0)).isEqualTo(first);
    }
    assertThat(firsts).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void open_keepsTheEndForValidation() throws IOException {
    TextData data = read("abababababba", 2, new HeldBack(0.25, true, 0), "tokens");

    DataSource validation = data.open(Part.VALIDATION, data.fit());

    assertThat(validation.countExamples()).isEqualTo(1);
    assertThat(Examples.ints(validation, 0, 0)).containsExactly(1, 1);
  }

  @Test
  void open_namesThePlaceOfACharacterThatTrainingLacks() throws IOException {
    TextData data = read("ab\nab\nab\nabé\n", 2, new HeldBack(3L, true, 0), "tokens");

    assertThatThrownBy(() -> data.open(Part.VALIDATION, data.fit()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("input.txt:4:3: error[data-invalid]")
        .hasMessageContaining("the character 'é' does not occur in the training text");
  }

  @Test
  void read_refusesWhatIsNoTextAndWhatIsTooShort() throws IOException {
    Path file = folder.resolve("input.txt");
    Files.write(file, new byte[] {'a', '\n', 'b', (byte) 0xff, 'c'});

    assertThatThrownBy(() -> TextData.read(List.of("t"), file, 1, HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("input.txt:2:2: error[data-invalid]")
        .hasMessageContaining("not UTF-8");
    TextData shorter = read("ab", 3, HeldBack.NOTHING, "tokens");
    assertThatThrownBy(() -> shorter.open(Part.TRAINING, shorter.fit()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("2 characters for this, fewer than the 3 of an example");
    assertThatThrownBy(() -> read("ab", 3, new HeldBack(2L, true, 0), "tokens"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("leaves nothing for training");
  }

  private TextData read(String text, int length, HeldBack held, String... names)
      throws IOException {
    Path file = folder.resolve("input.txt");
    Files.writeString(file, text);
    return TextData.read(List.of(names), file, length, held);
  }
}
