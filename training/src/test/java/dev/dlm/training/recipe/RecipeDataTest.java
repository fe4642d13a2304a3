package dev.dlm.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.ir.TrainingRecipe.DataClause;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeDataTest {
  private static final Location CLAUSE = Location.Source.at("m.dlm", 20, 3);
  private static final Location CALL = Location.Source.at("m.dlm", 20, 24);
  private static final DataCall FILES =
      new DataCall("idx", List.of("images.gz", "labels.gz"), CALL);
  private static final DataCall DIGITS =
      new DataCall("generated_digits", List.of("train", 20L), Location.UNKNOWN);

  @TempDir private Path folder;

  @Test
  void open_takesTheFilesWhereTheyAreAndOtherwiseTheNextAlternative() throws IOException {
    RecipeData data = new RecipeData(Optional.empty(), folder);

    assertThat(data.open(clause(FILES, DIGITS), classes(10)).countExamples()).isEqualTo(20);
    write(2);
    assertThat(data.open(clause(FILES, DIGITS), classes(10)).countExamples()).isEqualTo(2);
  }

  @Test
  void open_takesNothingElseThanFilesFromANamedFolder() throws IOException {
    RecipeData data = new RecipeData(Optional.of(folder), Path.of("elsewhere"));

    assertThatThrownBy(() -> data.open(clause(FILES, DIGITS), classes(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:24: error[file-read]")
        .hasMessageContaining("images.gz");
    write(2);
    assertThat(data.open(clause(FILES, DIGITS), classes(3)).countExamples()).isEqualTo(2);
  }

  @Test
  void open_saysWhereDataAreMissing() {
    assertThatThrownBy(() ->
            new RecipeData(Optional.of(folder.resolve("gone")), folder)
                .open(clause(FILES), classes(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:3: error[data-missing]")
        .hasMessageContaining("gone");
    assertThatThrownBy(
            () -> new RecipeData(Optional.empty(), folder).open(clause(FILES), classes(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:3: error[data-missing]");
  }

  @Test
  void open_refusesLabelsBeyondTheClassesOfTheGraph() throws IOException {
    write(3);

    assertThatThrownBy(
            () -> new RecipeData(Optional.of(folder), folder).open(clause(FILES), classes(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("m.dlm:20:24: error[data-invalid]")
        .hasMessageContaining("the label of example 1 is 3, expected 0 to 2");
  }

  @Test
  void open_findsAFileWithoutTheEndingOfItsCompressedForm() throws IOException {
    write(1);
    Files.write(folder.resolve("labels"), labels(1));
    Files.delete(folder.resolve("labels.gz"));

    assertThat(
            new RecipeData(Optional.of(folder), folder)
                .open(clause(FILES), classes(3))
                .countExamples())
        .isEqualTo(2);
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
