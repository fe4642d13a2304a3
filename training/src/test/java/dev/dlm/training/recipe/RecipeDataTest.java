package dev.dlm.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.ReaderSignature;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.ir.TrainingRecipe.DataClause;
import dev.dlm.op.array.Gather;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeDataTest {
  private static final Location CLAUSE = Location.Source.at("m.dlm", 20, 3);
  private static final Location CALL = Location.Source.at("m.dlm", 20, 24);
  private static final DataCall FILES =
      new DataCall("idx", List.of("images.gz", "labels.gz"), Map.of(), CALL);
  private static final DataCall DIGITS =
      new DataCall(
          "generated_digits", List.of(), Map.of("part", "train", "count", 20L), Location.UNKNOWN);

  @TempDir private Path folder;

  @Test
  void open_takesTheFilesWhereTheyAreAndOtherwiseTheNextAlternative() throws IOException {
    RecipeData data = new RecipeData(Optional.empty(), folder);

    assertThat(open(data, 10, FILES, DIGITS).countExamples()).isEqualTo(20);
    write(2);
    assertThat(open(data, 10, FILES, DIGITS).countExamples()).isEqualTo(2);
  }

  @Test
  void open_takesNothingElseThanFilesFromANamedFolder() throws IOException {
    RecipeData data = new RecipeData(Optional.of(folder), Path.of("elsewhere"));

    assertThatThrownBy(() -> open(data, 3, FILES, DIGITS))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:24: error[file-read]")
        .hasMessageContaining("images.gz");
    write(2);
    assertThat(open(data, 3, FILES, DIGITS).countExamples()).isEqualTo(2);
  }

  @Test
  void open_saysWhereDataAreMissing() {
    assertThatThrownBy(
            () -> open(new RecipeData(Optional.of(folder.resolve("gone")), folder), 3, FILES))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:3: error[data-missing]")
        .hasMessageContaining("gone");
    assertThatThrownBy(() -> open(new RecipeData(Optional.empty(), folder), 3, FILES))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:3: error[data-missing]");
  }

  @Test
  void open_refusesLabelsBeyondTheClassesOfTheGraph() throws IOException {
    write(3);

    assertThatThrownBy(() -> open(new RecipeData(Optional.of(folder), folder), 3, FILES))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:24: error[data-invalid]")
        .hasMessageContaining("the label of example 1 is 3, expected 0 to 2");
  }

  @Test
  void open_findsAFileWithoutTheEndingOfItsCompressedForm() throws IOException {
    write(1);
    Files.write(folder.resolve("labels"), labels(1));
    Files.delete(folder.resolve("labels.gz"));

    assertThat(open(new RecipeData(Optional.of(folder), folder), 3, FILES).countExamples())
        .isEqualTo(2);
  }

  @Test
  void open_checksIndicesThatTheGraphLooksUpAgainstAVocabulary() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "abcdabcdabcd");
    RecipeData data = new RecipeData(Optional.empty(), folder);
    DataClause clause = new DataClause(List.of("label"), List.of(text("input.txt", 0L)), CLAUSE);

    assertThatThrownBy(() -> data.open(recipe(clause, Optional.empty()), classes(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:24: error[data-mismatch]")
        .hasMessageContaining("'label' has the numbers 0 to 3")
        .hasMessageContaining("the model takes 0 to 2");
    assertThat(data.open(recipe(clause, Optional.empty()), classes(4)).training().countExamples())
        .isEqualTo(5);
  }

  @Test
  void open_checksIndicesThatTheGraphTakesRowsBy() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "abcdabcdabcd");
    RecipeData data = new RecipeData(Optional.empty(), folder);
    DataClause clause = new DataClause(List.of("label"), List.of(text("input.txt", 0L)), CLAUSE);

    assertThatThrownBy(() -> data.open(recipe(clause, Optional.empty()), rows(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the model takes 0 to 2");
    assertThat(data.open(recipe(clause, Optional.empty()), rows(4)).training().countExamples())
        .isEqualTo(5);
  }

  /** Takes rows of a table by the numbers of the input. */
  private static Graph rows(int count) {
    GraphBuilder graph = new GraphBuilder("rows");
    var signature = graph.signature(Graph.EVALUATE);
    Dim batch = Dim.symbol("B");
    var label = signature.input("label", new TensorType(DType.I32, Shape.of(batch, Dim.of(1))));
    var table = signature.input("table", TensorType.of(DType.F32, count, 2));
    signature.output("row", signature.body().one(new Gather(0, List.of(0)), table, label));
    return graph.build();
  }

  @Test
  void open_readsWhatIsHeldBackWithTheVocabularyOfTheTrainingPart() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "abababababacab");
    RecipeData data = new RecipeData(Optional.empty(), folder);
    DataClause clause = new DataClause(List.of("label"), List.of(text("input.txt", 4L)), CLAUSE);

    assertThatThrownBy(() -> data.open(recipe(clause, Optional.of(clause)), classes(9)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("input.txt:1:12: error[data-invalid]")
        .hasMessageContaining("the character 'c' does not occur in the training text");
    Files.writeString(folder.resolve("input.txt"), "abacababababab");
    RecipeData.Sources sources = data.open(recipe(clause, Optional.of(clause)), classes(9));
    assertThat(sources.fitted().list("characters")).containsExactly("a", "b", "c");
    assertThat(sources.validation().orElseThrow().countExamples()).isEqualTo(2);
    assertThat(
            data.openValidation(
                    recipe(clause, Optional.of(clause)), classes(9), Optional.of(sources.fitted()))
                .countExamples())
        .isEqualTo(2);
  }

  @Test
  void openValidation_needsTrainingDataOnlyWhereNothingWasFittedBefore() throws IOException {
    Files.writeString(folder.resolve("more.txt"), "baba");
    RecipeData data = new RecipeData(Optional.empty(), folder);
    TrainingRecipe recipe =
        recipe(
            new DataClause(List.of("label"), List.of(text("input.txt", 0L)), CLAUSE),
            Optional.of(new DataClause(List.of("label"), List.of(text("more.txt", 0L)), CLAUSE)));
    Fitted fitted = Fitted.of("characters", List.of("a", "b"));

    assertThat(data.openValidation(recipe, classes(2), Optional.of(fitted)).countExamples())
        .isEqualTo(2);
    assertThatThrownBy(() -> data.openValidation(recipe, classes(2), Optional.empty()))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:3: error[data-missing]");
  }

  private static DataCall text(String file, long held) {
    return DataCall.of(
        ReaderSignature.find("text").orElseThrow(),
        List.of(file),
        Map.of("length", 2L, "hold_back", held),
        CALL);
  }

  private static DataSource open(RecipeData data, int classes, DataCall... alternatives) {
    return data.open(recipe(clause(alternatives), Optional.empty()), classes(classes)).training();
  }

  private static TrainingRecipe recipe(DataClause data, Optional<DataClause> validation) {
    return new TrainingRecipe(
        "M", List.of(Graph.TRAIN), data, validation, 1, 1, false, Optional.empty());
  }

  private static DataClause clause(DataCall... alternatives) {
    return new DataClause(List.of("image", "label"), List.of(alternatives), CLAUSE);
  }

  /** Compares each label with the numbers of the classes. */
  private static Graph classes(int count) {
    Dim batch = Dim.symbol("B");
    Shape shape = Shape.of(batch, Dim.of(count));
    GraphBuilder graph = new GraphBuilder("classes");
    var signature = graph.signature(Graph.EVALUATE);
    var label = signature.input("label", new TensorType(DType.I32, Shape.of(batch)));
    var body = signature.body();
    var labels = body.broadcast(label, shape, List.of(0));
    var classes = body.iota(new TensorType(DType.I32, shape), 1);
    signature.output("hit", body.equal(labels, classes));
    return graph.build();
  }

  private void write(int secondLabel) throws IOException {
    byte[] images = ByteBuffer.allocate(16 + 8).putInt(0x803).putInt(2).putInt(2).putInt(2).array();
    zip("images.gz", images);
    zip("labels.gz", labels(secondLabel));
  }

  private static byte[] labels(int second) {
    return ByteBuffer.allocate(8 + 2)
        .putInt(0x801)
        .putInt(2)
        .put((byte) 0)
        .put((byte) second)
        .array();
  }

  private void zip(String name, byte[] content) throws IOException {
    try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      stream.write(content);
    }
  }
}
