package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.reader.TableData.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDataTest {
  private static final String CARS =
      """
      mpg,weight,origin,name
      10,1000,usa,"big, ""red"" one"
      20,2000,japan,b
      30,,usa,c
      40.5,4000,europe,d
      """;

  @TempDir private Path folder;

  @Test
  void open_groupsColumnsStandardizesAndNumbersCategories() throws IOException {
    TableData data =
        read(
            CARS,
            form(Missing.SKIP, List.of(List.of("weight", "origin"), "mpg", "origin"))
                .withOneHot("origin"),
            HeldBack.NOTHING);
    DataSource source = data.open(Part.TRAINING, data.fit());

    assertThat(source.countExamples()).isEqualTo(3);
    assertThat(source.columns().get(0).exampleShape()).containsExactly(4L);
    assertThat(source.columns().get(1).dtype()).isEqualTo(DType.F64);
    assertThat(source.columns().get(1).exampleShape()).isEmpty();
    assertThat(Examples.floats(source, 0, 0)).containsExactly(1000, 0, 0, 1);
    assertThat(Examples.floats(source, 0, 2)).containsExactly(4000, 1, 0, 0);
    assertThat(Examples.floats(source, 2, 1)).containsExactly(0, 1, 0);
  }

  @Test
  void open_standardizesByTheTrainingRowsAlone() throws IOException {
    String text = "x\n1\n3\n100\n";
    TableData data =
        read(
            text,
            form(Missing.ERROR, List.of(List.of("x"))).withStandardized("x"),
            new HeldBack(1L, true, 0));
    Fitted fitted = data.fit();
    DataSource training = data.open(Part.TRAINING, fitted);
    DataSource validation = data.open(Part.VALIDATION, fitted);

    assertThat(fitted.list("mean and deviation of x")).containsExactly("2.0", "1.0");
    assertThat(Examples.floats(training, 0, 0)).containsExactly(-1);
    assertThat(Examples.floats(validation, 0, 0)).containsExactly(98);
  }

  @Test
  void open_fillsBlanksWithTheMean() throws IOException {
    TableData data = read(CARS, form(Missing.MEAN, List.of(List.of("weight"))), HeldBack.NOTHING);
    DataSource source = data.open(Part.TRAINING, data.fit());

    assertThat(source.countExamples()).isEqualTo(4);
    assertThat(Examples.floats(source, 0, 2)[0]).isEqualTo(7000 / 3f, Offset.offset(1e-3f));
  }

  @Test
  void open_givesWholeNumbersAndCategoriesToIntegerInputs() throws IOException {
    TableData data =
        read(
            "2,b\n0,a\n1,b\n",
            form(Missing.ERROR, List.of(0L, 1L)).withCategories(1L).withoutHeader(),
            HeldBack.NOTHING);
    DataSource source = data.open(Part.TRAINING, data.fit());

    assertThat(Examples.ints(source, 0, 0)).containsExactly(2);
    assertThat(Examples.ints(source, 1, 2)).containsExactly(1);
    source.requireBelow(0, 3);
    assertThatThrownBy(() -> source.requireBelow(0, 2))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the numbers 0 to 2")
        .hasMessageContaining("the model takes 0 to 1");
  }

  @Test
  void read_namesThePlaceOfBadData() throws IOException {
    TableData blank = read(CARS, form(Missing.ERROR, List.of("weight")), HeldBack.NOTHING);
    assertThatThrownBy(() -> blank.open(Part.TRAINING, blank.fit()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("table.csv:4:4: error[data-invalid]")
        .hasMessageContaining("'weight' is blank here");
    TableData words = read(CARS, form(Missing.ERROR, List.of("origin")), HeldBack.NOTHING);
    assertThatThrownBy(() -> words.open(Part.TRAINING, words.fit()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("table.csv:2:9: error[data-invalid]")
        .hasMessageContaining("'usa' of the column 'origin' is not a number");
    assertThatThrownBy(() -> read("a,b\n1\n", form(Missing.ERROR, List.of("a")), HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("table.csv:2:1: error[data-invalid]")
        .hasMessageContaining("this row has 1 fields, the first has 2");
    assertThatThrownBy(() -> read("a\n\"x\n", form(Missing.ERROR, List.of("a")), HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("table.csv:2:1: error[data-invalid]")
        .hasMessageContaining("the quote that begins here is not closed");
    assertThatThrownBy(
            () -> read("a\n\"x\"y\n", form(Missing.ERROR, List.of("a")), HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("table.csv:2:4: error[data-invalid]");
  }

  @Test
  void read_helpsWithUnknownColumns() throws IOException {
    assertThatThrownBy(() -> read(CARS, form(Missing.ERROR, List.of("wight")), HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has no column 'wight'")
        .extracting(e -> ((GraphException) e).diagnostics().getFirst().help().orElseThrow())
        .isEqualTo("did you mean 'weight'?");
    assertThatThrownBy(() -> read(CARS, form(Missing.ERROR, List.of(4L)), HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has the columns 0 to 3, not 4");
    assertThatThrownBy(
            () -> read(CARS, form(Missing.ERROR, List.of("mpg")), HeldBack.NOTHING, "x", "y"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("'columns' has 1 entries for the 2 inputs x, y");
  }

  @Test
  void fields_mayHoldSeparatorsQuotesAndLineEnds() {
    SeparatedText table =
        SeparatedText.parse(
            "t.csv",
            "a,b\r\n\"x, \"\"y\"\"\n z\",2\r\n\n3,\"\"\n",
            new SeparatedText.Form(',', true, 0, true));

    assertThat(table.rows()).hasSize(2);
    assertThat(table.rows().get(0).fields().get(0).text()).isEqualTo("x, \"y\"\n z");
    assertThat(table.rows().get(0).fields().get(1)).isEqualTo(new SeparatedText.Field("2", 3, 5));
    assertThat(table.rows().get(1).fields().get(1).text()).isEmpty();
    assertThat(table.rows().get(1).line()).isEqualTo(5);
  }

  /** A form whose parts tests change. */
  private record Change(TableData.Form form) {
    Change withOneHot(Object column) {
      return new Change(
          new TableData.Form(
              ',',
              form.header(),
              form.missing(),
              form.groups(),
              form.categories(),
              List.of(column),
              form.standardized()));
    }

    Change withStandardized(Object column) {
      return new Change(
          new TableData.Form(
              ',',
              form.header(),
              form.missing(),
              form.groups(),
              form.categories(),
              form.oneHot(),
              List.of(column)));
    }

    Change withCategories(Object column) {
      return new Change(
          new TableData.Form(
              ',',
              form.header(),
              form.missing(),
              form.groups(),
              List.of(column),
              form.oneHot(),
              form.standardized()));
    }

    Change withoutHeader() {
      return new Change(
          new TableData.Form(
              ',',
              false,
              form.missing(),
              form.groups(),
              form.categories(),
              form.oneHot(),
              form.standardized()));
    }
  }

  private static Change form(Missing missing, List<?> groups) {
    return new Change(
        new TableData.Form(',', true, missing, groups, List.of(), List.of(), List.of()));
  }

  private TableData read(String text, Change form, HeldBack held, String... names)
      throws IOException {
    Path file = folder.resolve("table.csv");
    Files.writeString(file, text);
    List<String> inputs = List.of("x", "y", "z").subList(0, form.form.groups().size());
    return TableData.read(names.length == 0 ? inputs : List.of(names), file, form.form, held);
  }
}
