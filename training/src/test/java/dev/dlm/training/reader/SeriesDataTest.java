package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesDataTest {
  private static final String SERIES = "t,a,b\n0,0,9\n1,1,8\n2,2,7\n3,3,6\n4,4,5\n5,5,4\n6,6,3\n";

  @TempDir private Path folder;

  @Test
  void open_givesThePastAndWhatFollows() throws IOException {
    SeriesData data = read(3, 1, false, HeldBack.NOTHING);
    DataSource source = data.open(Part.TRAINING, data.fit());

    assertThat(source.countExamples()).isEqualTo(4);
    assertThat(source.columns().get(0).exampleShape()).containsExactly(3L, 2L);
    assertThat(source.columns().get(1).exampleShape()).containsExactly(1L, 1L);
    assertThat(Examples.floats(source, 0, 1)).containsExactly(1, 8, 2, 7, 3, 6);
    assertThat(Examples.floats(source, 1, 1)).containsExactly(4);
  }

  @Test
  void open_asksInTrainingForNothingOfTheTimeHeldBack() throws IOException {
    SeriesData data = read(2, 2, false, new HeldBack(1L, true, 0));
    DataSource training = data.open(Part.TRAINING, data.fit());
    DataSource validation = data.open(Part.VALIDATION, data.fit());

    assertThat(validation.countExamples()).isEqualTo(1);
    assertThat(Examples.floats(validation, 0, 0)).containsExactly(3, 6, 4, 5);
    assertThat(Examples.floats(validation, 1, 0)).containsExactly(5, 6);
    assertThat(training.countExamples()).isEqualTo(2);
    assertThat(Examples.floats(training, 1, 1)).containsExactly(3, 4);
  }

  @Test
  void open_standardizesByTheTimeBefore() throws IOException {
    SeriesData data = read(2, 1, true, new HeldBack(2L, true, 0));
    Fitted fitted = data.fit();
    DataSource validation = data.open(Part.VALIDATION, fitted);

    assertThat(fitted.list("mean and deviation of a").getFirst()).isEqualTo("2.0");
    assertThat(Examples.floats(validation, 1, 0)[0]).isEqualTo((float) (3 / Math.sqrt(2)));
  }

  @Test
  void read_refusesSeriesThatAreTooShortAndNamesWhatIsNoNumber() throws IOException {
    assertThatThrownBy(() -> read(6, 2, false, HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has 7 rows, fewer than the 6 + 2 of an example");
    Files.writeString(folder.resolve("bad.csv"), "t,a\n0,1\n1,NA\n2,3\n");
    SeriesData.Form form = new SeriesData.Form(',', true, List.of("a"), List.of(), 1, 1, false);
    SeriesData bad =
        SeriesData.read(List.of("past", "next"), folder.resolve("bad.csv"), form, HeldBack.NOTHING);
    assertThatThrownBy(() -> bad.open(Part.TRAINING, bad.fit()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("bad.csv:3:3: error[data-invalid]")
        .hasMessageContaining("'NA' of the column 'a' is not a number");
  }

  private SeriesData read(int past, int ahead, boolean standardized, HeldBack held)
      throws IOException {
    Path file = folder.resolve("series.csv");
    Files.writeString(file, SERIES);
    SeriesData.Form form =
        new SeriesData.Form(',', true, List.of("a", "b"), List.of("a"), past, ahead, standardized);
    return SeriesData.read(List.of("past", "next"), file, form, held);
  }
}
