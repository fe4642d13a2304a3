package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTextDataTest {
  private static final String TRAIN =
      """
      1\tpos\tA good film.<br />A good, GOOD cast!
      2\tneg\tbad film,\tbad cast
      """;

  @TempDir private Path folder;

  @Test
  void open_numbersTheMostFrequentWordsOfTheTrainingData() throws IOException {
    LabelledTextData data = read(TRAIN, 7, 6, false);
    Fitted fitted = data.fit();
    DataSource source = data.open(Part.TRAINING, fitted);

    assertThat(fitted.list("words"))
        .containsExactly("<padding>", "<unknown>", "good", "a", "bad", "cast", "film");
    assertThat(fitted.list("categories of 1")).containsExactly("neg", "pos");
    assertThat(Examples.ints(source, 0, 0)).containsExactly(3, 2, 6, 3, 2, 2);
    assertThat(Examples.ints(source, 0, 1)).containsExactly(4, 6, 4, 5, 0, 0);
    assertThat(Examples.ints(source, 1, 0)).containsExactly(1);
    assertThat(Examples.ints(source, 1, 1)).containsExactly(0);
  }

  @Test
  void open_takesTheLastWordsOnDemandAndMarksUnknownOnes() throws IOException {
    Fitted fitted = read(TRAIN, 4, 3, true).fit();
    DataSource source = read("9\tneg\ta fine good a end", 4, 3, true).open(Part.VALIDATION, fitted);

    assertThat(fitted.list("words")).containsExactly("<padding>", "<unknown>", "good", "a");
    assertThat(Examples.ints(source, 0, 0)).containsExactly(2, 3, 1);
  }

  @Test
  void open_checksNumbersAgainstTheModel() throws IOException {
    LabelledTextData data = read(TRAIN, 7, 6, false);
    DataSource source = data.open(Part.TRAINING, data.fit());

    source.requireBelow(0, 7);
    source.requireBelow(1, 2);
    assertThatThrownBy(() -> source.requireBelow(0, 6))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("'words' has the numbers 0 to 6")
        .hasMessageContaining("the model takes 0 to 5");
  }

  @Test
  void read_namesThePlaceOfBadRowsAndLabels() throws IOException {
    assertThatThrownBy(() -> read("1\tpos\tx\n2\tneg\n", 9, 3, false))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("train.tsv.gz:2:1: error[data-invalid]")
        .hasMessageContaining("this row has 2 fields, the first has 3");
    Fitted fitted = read(TRAIN, 9, 3, false).fit();
    LabelledTextData other = read("1\tpos\tx\n22\tmixed\ty", 9, 3, false);
    assertThatThrownBy(() -> other.open(Part.VALIDATION, fitted))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("train.tsv.gz:2:4: error[data-invalid]")
        .hasMessageContaining(
            "'mixed' is no value of '1' in the training data, which has neg, pos");
    assertThatThrownBy(() -> other.open(Part.VALIDATION, Fitted.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("these data need the words of the training data, which gave nothing");
  }

  private LabelledTextData read(String text, int vocabulary, int length, boolean keepsEnd)
      throws IOException {
    Path file = folder.resolve("train.tsv.gz");
    try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
    LabelledTextData.Form form =
        new LabelledTextData.Form(2L, 1L, '\t', 3, false, vocabulary, length, keepsEnd);
    return LabelledTextData.read(List.of("words", "class"), file, form, HeldBack.NOTHING);
  }
}
