package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FittedTest {
  @TempDir private Path folder;

  @Test
  void load_givesWhatWasSaved() {
    Fitted fitted =
        new Fitted(
            new TreeMap<>(
                Map.of(
                    "characters",
                    List.of("\n", "\t", "\\", "\r", " ", "é", "\\n", "\u2028"),
                    "no words",
                    List.of())));
    fitted.save(folder.resolve(Fitted.FILE));

    assertThat(Fitted.load(folder.resolve(Fitted.FILE))).contains(fitted);
    assertThat(Fitted.load(folder.resolve("gone"))).isEmpty();
    assertThat(fitted.vocabulary("characters").number("é")).hasValue(5);
    assertThat(fitted.vocabulary("characters").number("x")).isEmpty();
  }

  @Test
  void load_namesTheLineThatIsAtFault() throws IOException {
    Path file = folder.resolve(Fitted.FILE);
    Files.writeString(file, "hello");
    assertThatThrownBy(() -> Fitted.load(file))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("fitted.txt:1:1: error[data-invalid]");
    Files.writeString(file, "dlm fitted 1\nwords\t1\na\nmore\t2\nb\n");
    assertThatThrownBy(() -> Fitted.load(file))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("fitted.txt:4:1: error[data-invalid]");
  }

  @Test
  void requireSame_refusesOtherTrainingData() {
    Fitted fitted = Fitted.of("words", List.of("a"));

    fitted.requireSame(Fitted.of("words", List.of("a")));
    assertThatThrownBy(() -> fitted.requireSame(Fitted.of("words", List.of("b"))))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("error[resume-mismatch]")
        .hasMessageContaining("the training data give other words");
  }

  @Test
  void mostFrequent_isOrderedByFrequencyAndAlphabet() {
    assertThat(
            Vocabulary.mostFrequent(
                Map.of("b", new int[] {2}, "a", new int[] {2}, "c", new int[] {3}),
                List.of("<padding>"),
                3))
        .containsExactly("<padding>", "c", "a");
  }
}
