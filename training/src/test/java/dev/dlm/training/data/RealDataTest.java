package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.training.reader.CifarData;
import dev.dlm.training.reader.LabelledTextData;
import dev.dlm.training.reader.SentencePairData;
import dev.dlm.training.reader.SeriesData;
import dev.dlm.training.reader.TableData;
import dev.dlm.training.reader.TextData;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The readers on data sets as they are published. */
class RealDataTest {
  @Test
  void text_readsTheCollectedPlays() {
    Path file = SharedData.folder("tiny-shakespeare").resolve("input.txt");
    TextData data = TextData.read(List.of("now", "next"), file, 64, new HeldBack(0.1, true, 0));
    Fitted fitted = data.fit();

    assertThat(fitted.vocabulary(TextData.CHARACTERS).size()).isEqualTo(65);
    assertThat(data.open(Part.TRAINING, fitted).countExamples()).isEqualTo(1003855 / 64 - 1);
    assertThat(data.open(Part.VALIDATION, fitted).countExamples()).isEqualTo(111539 / 64);
  }

  @Test
  void labelledText_readsTheReviews() {
    Path file = SharedData.folder("imdb").resolve("test.tsv.gz");
    LabelledTextData.Form form =
        new LabelledTextData.Form(3L, 1L, '\t', 4, false, 10_000, 200, false);
    LabelledTextData data =
        LabelledTextData.read(List.of("words", "label"), file, form, HeldBack.NOTHING);
    Fitted fitted = data.fit();
    DataSource source = data.open(Part.TRAINING, fitted);

    assertThat(source.countExamples()).isEqualTo(25_000);
    assertThat(fitted.list(LabelledTextData.WORDS)).hasSize(10_000).startsWith("<padding>");
    assertThat(fitted.list(LabelledTextData.WORDS).get(2)).isEqualTo("the");
    long positive = 0;
    for (int i = 0; i < 25_000; i++) {
      positive += ints(source, 1, i, 1)[0];
    }
    assertThat(positive).isEqualTo(12_500);
  }

  @Test
  void sentencePairs_readsTheArchive() {
    Path file = SharedData.folder("tatoeba-fra-eng").resolve("fra-eng.zip");
    SentencePairData.Form form = new SentencePairData.Form("", 5000, 60, 0);
    SentencePairData data =
        SentencePairData.read(List.of("source", "target"), file, form, HeldBack.NOTHING);
    Fitted fitted = data.fit();
    DataSource source = data.open(Part.TRAINING, fitted);

    assertThat(source.countExamples()).isBetween(142_700L, 142_787L);
    Vocabulary english = fitted.vocabulary(SentencePairData.SOURCE_WORDS);
    assertThat(english.word(ints(source, 0, 0, 60)[0])).isEqualTo("go");
  }

  @Test
  void cifar_readsAndSplitsTheBatch() {
    Path file = SharedData.folder("cifar10").resolve("data_batch_1.bin.gz");
    CifarData data =
        CifarData.read(
            List.of("image", "label"),
            List.of(file),
            new HeldBack(2000L, false, 1),
            CifarData.Variation.NONE);

    assertThat(data.open(Part.TRAINING, Fitted.NOTHING).countExamples()).isEqualTo(8000);
    DataSource validation = data.open(Part.VALIDATION, Fitted.NOTHING);
    assertThat(validation.countExamples()).isEqualTo(2000);
    int[] counts = new int[10];
    for (int i = 0; i < 2000; i++) {
      counts[ints(validation, 1, i, 1)[0]]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(150, 250);
    }
  }

  @Test
  void csv_readsQuotedNamesAndFillsBlanks() {
    Path file = SharedData.folder("tabular").resolve("titanic-train.csv");
    TableData.Form form =
        new TableData.Form(
            ',',
            true,
            TableData.Missing.MEAN,
            List.of(List.of("Age", "Sex", "Embarked"), "Survived"),
            List.of(),
            List.of("Sex", "Embarked"),
            List.of("Age"));
    TableData data = TableData.read(List.of("x", "y"), file, form, HeldBack.NOTHING);
    Fitted fitted = data.fit();

    assertThat(fitted.list("categories of Embarked")).containsExactly("", "C", "Q", "S");
    assertThat(data.open(Part.TRAINING, fitted).countExamples()).isEqualTo(891);
  }

  @Test
  void series_readsThePassengers() {
    Path file = SharedData.folder("timeseries").resolve("airline-passengers.csv");
    SeriesData.Form form =
        new SeriesData.Form(',', true, List.of("Passengers"), List.of(), 24, 1, false);
    SeriesData data =
        SeriesData.read(List.of("past", "next"), file, form, new HeldBack(24L, true, 0));

    assertThat(data.open(Part.TRAINING, Fitted.NOTHING).countExamples()).isEqualTo(96);
    assertThat(data.open(Part.VALIDATION, Fitted.NOTHING).countExamples()).isEqualTo(24);
  }

  private static int[] ints(DataSource source, int column, long example, int count) {
    int[] values = new int[count];
    source
        .reader(column, DType.I32, source.columns().get(column).exampleShape())
        .gather(new long[] {example}, 0, 1, MemorySegment.ofArray(values));
    return values;
  }
}
