package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.data.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePairDataTest {
  @TempDir private Path folder;

  @Test
  void open_marksTheTargetsAndPadsBoth() throws IOException {
    SentencePairData data =
        read("Go.\tVa !\nGo.\tMarche.\nRun far away now\tCours loin\n", 3, 0, HeldBack.NOTHING);
    Fitted fitted = data.fit();
    DataSource source = data.open(Part.TRAINING, fitted);
    Vocabulary target = fitted.vocabulary(SentencePairData.TARGET_WORDS);

    assertThat(source.countExamples()).isEqualTo(2);
    assertThat(fitted.list(SentencePairData.SOURCE_WORDS))
        .containsExactly("<padding>", "<unknown>", ".", "go");
    assertThat(Examples.ints(source, 0, 0)).containsExactly(3, 2, 0);
    assertThat(Examples.ints(source, 1, 0)).hasSize(4).startsWith(2).endsWith(3);
    assertThat(target.word(Examples.ints(source, 1, 0)[1])).isEqualTo("va");
    assertThat(target.words().subList(0, 4))
        .containsExactly("<padding>", "<unknown>", "<start>", "<end>");
  }

  @Test
  void open_keepsAllTranslationsOfASentenceInOnePart() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("s%d\ta%d\ns%d\tb%d\n".formatted(i % 20, i, i % 20, i));
    }
    SentencePairData data = read(text.toString(), 4, 0, new HeldBack(0.25, false, 1));
    Fitted fitted = data.fit();
    DataSource training = data.open(Part.TRAINING, fitted);
    DataSource validation = data.open(Part.VALIDATION, fitted);
    Set<Integer> known = new HashSet<>();
    for (int i = 0; i < training.countExamples(); i++) {
      known.add(Examples.ints(training, 0, i)[0]);
    }

    assertThat(training.countExamples()).isEqualTo(60);
    assertThat(validation.countExamples()).isEqualTo(20);
    assertThat(known).hasSize(15).doesNotContain(1);
    for (int i = 0; i < 20; i++) {
      assertThat(Examples.ints(validation, 0, i)[0]).isEqualTo(1);
    }
  }

  @Test
  void read_takesTheFirstPairsAndNamesABadLine() throws IOException {
    SentencePairData data = read("a\tb\nc\td\ne\tf\n", 3, 2, HeldBack.NOTHING);
    assertThat(data.open(Part.TRAINING, data.fit()).countExamples()).isEqualTo(2);

    assertThatThrownBy(() -> read("a\tb\n\nalone\n", 3, 0, HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("pairs.zip:3:1: error[data-invalid]")
        .hasMessageContaining("expected a sentence, a tab, and its translation");
    SentencePairData.Form form = new SentencePairData.Form("gone.txt", 20, 3, 0);
    assertThatThrownBy(() ->
            SentencePairData.read(
                List.of("s", "t"), folder.resolve("pairs.zip"), form, HeldBack.NOTHING))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has no entry 'gone.txt'; it has about.txt, pairs.txt");
  }

  private SentencePairData read(String text, int length, int limit, HeldBack held)
      throws IOException {
    Path file = folder.resolve("pairs.zip");
    try (OutputStream stream = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(stream)) {
      zip.putNextEntry(new ZipEntry("about.txt"));
      zip.write('x');
      zip.putNextEntry(new ZipEntry("pairs.txt"));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    SentencePairData.Form form = new SentencePairData.Form("", 200, length, limit);
    return SentencePairData.read(List.of("source", "target"), file, form, held);
  }
}
