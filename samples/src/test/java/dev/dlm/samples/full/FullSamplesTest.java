package dev.dlm.samples.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.samples.full.SampleList.Promise;
import dev.dlm.samples.full.SampleList.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullSamplesTest {
  private static final Path ROOT = Path.of("..");

  @TempDir private Path folder;

  @Test
  void samples_nameFilesThatAreThereAndPromiseSomething() throws IOException {
    List<Sample> samples = SampleList.parse(Files.readString(ROOT.resolve("samples/samples.txt")));

    assertThat(samples).extracting(Sample::name).doesNotHaveDuplicates().contains("digits");
    for (Sample sample : samples) {
      assertThat(sample.commands()).as(sample.name()).isNotEmpty();
      assertThat(sample.promises().size() + sample.output().size()).as(sample.name()).isPositive();
      assertThat(sample.commands().stream().flatMap(List::stream))
          .filteredOn(word -> word.startsWith("samples/"))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(ROOT.resolve(file)).exists());
    }
  }

  @Test
  void parse_namesALineThatItCannotRead() {
    assertThatThrownBy(() -> SampleList.parse("[a]\nexpect x > 1\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 2: 'expect x > 1'");
    assertThatThrownBy(() -> SampleList.parse("# a\ndlm train\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 2: expected [name]");
  }

  @Test
  void promise_isKeptWhereTheMeasureIsThereAndOnTheRightSide() {
    Promise promise =
        SampleList.parse("[a]\nexpect error <= 0.5 * naive").getFirst().promises().getFirst();

    assertThat(promise).hasToString("error <= 0.5 * naive");
    assertThat(promise.isKept(Map.of("error", 1.0, "naive", 2.0))).isTrue();
    assertThat(promise.isKept(Map.of("error", 1.1, "naive", 2.0))).isFalse();
    assertThat(promise.isKept(Map.of("error", 1.0))).isFalse();
    assertThat(promise.isKept(Map.of("naive", 1.0))).isFalse();
    Promise least = new Promise("a", true, 2, Optional.empty());
    assertThat(least.isKept(Map.of("a", 2.0))).isTrue();
    assertThat(least.isKept(Map.of("a", 1.9))).isFalse();
  }

  @Test
  void measures_areTheMetricsOfTheLastEventAndLinesOfNameAndValue() {
    assertThat(
            Measures.of(
                "{\"event\":\"done\",\"epochs\":3,\"metrics\":{\"train\":{\"loss\":0.5},"
                    + "\"validate\":{\"loss\":0.25,\"accuracy\":1}},\"best\":{\"value\":7}}"))
        .containsOnly(
            Map.entry("train.loss", 0.5),
            Map.entry("validate.loss", 0.25),
            Map.entry("validate.accuracy", 1.0));
    assertThat(Measures.of("{\"event\":\"epoch\",\"metrics\":{}}")).isEmpty();
    assertThat(Measures.of("accuracy 0.93")).containsOnly(Map.entry("accuracy", 0.93));
    assertThat(Measures.of("written to x.png")).isEmpty();
    assertThat(Measures.of("written two")).isEmpty();
  }

  @Test
  void run_tellsWhatWasKeptBrokenAndSkipped() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("samples"));
    Files.createDirectories(folder.resolve("data/here"));
    Files.writeString(folder.resolve("data/here/x.csv"), "");
    Files.writeString(folder.resolve("data/here/told.txt"), "value 3\nhere 1\n");
    Files.writeString(folder.resolve("data/here/other.txt"), "value 3\nhere 2\n");
    Files.writeString(
        folder.resolve("Tell.java"),
        "void main(String[] words) { IO.println(\"value \" + words[0]);"
            + " IO.println(\"here \" + (words[1].endsWith(\"here\") ? 1 : 0)); }");
    Files.writeString(
        folder.resolve("samples/samples.txt"),
        """
        [kept]
        data here x.csv
        java Tell.java 3 $data
        expect value >= 3
        expect here >= 1
        output told.txt
        output other.txt
        [broken]
        java Tell.java 2.5 x
        expect value >= 3
        [failing]
        java Tell.java
        expect value >= 3
        [skipped]
        data gone x.csv
        java Tell.java 3 x
        expect value >= 3
        """);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    assertThat(run(java, "kept"))
        .matches(
            "(?s)false kept +kept +value >= 3: 3\\.0000 .*kept +here >= 1: 1\\.0000 .*"
                + "kept +prints told.txt .*BROKEN +prints other.txt .*");
    assertThat(run(java, "broken")).matches("(?s)false broken +BROKEN +value >= 3: 2\\.5000 .*");
    assertThat(run(java, "failing"))
        .contains("FAILED with exit code 1, see target/samples/failing/log.txt");
    assertThat(run(java, "skipped")).startsWith("true skipped").contains("skipped: there is no");
    assertThat(run(java, "gone"))
        .startsWith("false no sample [gone]; there are [kept, broken, failing, skipped]");
  }

  private String run(Path java, String name) throws IOException, InterruptedException {
    var text = new ByteArrayOutputStream();
    FullSamples samples =
        new FullSamples(
            folder,
            Optional.of(folder.resolve("data")),
            List.of(java.toString()),
            new PrintStream(text, true, StandardCharsets.UTF_8));
    boolean kept = samples.run(List.of(name));
    return kept + " " + text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void dataFolder_isTheOneGivenOrTheNearestShared() throws IOException {
    Path nested = Files.createDirectories(folder.resolve("a/b"));
    Files.createDirectories(folder.resolve("shared/data"));

    assertThat(FullSamples.dataFolder(Optional.empty(), nested))
        .contains(folder.resolve("shared/data"));
    assertThat(FullSamples.dataFolder(Optional.of("/x"), nested)).contains(Path.of("/x"));
  }
}
