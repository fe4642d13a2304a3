package dev.dlm.samples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cli.Main;
import dev.dlm.ir.DType;
import dev.dlm.runtime.Model;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.ColumnReader;
import dev.dlm.training.data.GeneratedDigits;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerRequestsTest {
  private static final int PIXELS = 784;

  @TempDir private Path folder;

  @Test
  void answer_fromManyThreadsIsWhatOneThreadAnswersAndMostlyRight() throws Exception {
    Path compiled = folder.resolve("mlp.dlmc");
    String sample = "mlp/mlp.dlm";
    dlm("train", sample, "--epochs", "2", "--out", folder.toString());
    dlm("compile", sample, "--weights", folder.toString(), "-o", compiled.toString());
    ArrayDataSource digits = GeneratedDigits.of(GeneratedDigits.Part.VALIDATE, 200, 7);
    List<float[]> requests = new ArrayList<>();
    for (int first = 0; first < 200; ) {
      int count = Math.min(1 + first % 7, 200 - first);
      requests.add(images(digits, first, count));
      first += count;
    }

    try (Model model = Model.load(compiled)) {
      List<int[]> together = AnswerRequests.answer(model, requests, 8);

      List<Integer> all = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        assertThat(together.get(i)).isEqualTo(AnswerRequests.classify(model, requests.get(i)));
        for (int digit : together.get(i)) {
          all.add(digit);
        }
      }
      int[] labels = labels(digits);
      int right = 0;
      for (int i = 0; i < labels.length; i++) {
        right += all.get(i) == labels[i] ? 1 : 0;
      }
      assertThat(right).isGreaterThan(160);
    }
  }

  private static void dlm(String... arguments) {
    var messages = new ByteArrayOutputStream();
    var stream = new PrintStream(messages, true, StandardCharsets.UTF_8);
    assertThat(Main.run(arguments, stream, stream))
        .as(() -> messages.toString(StandardCharsets.UTF_8))
        .isZero();
  }

  private static float[] images(ArrayDataSource digits, int first, int count) {
    float[] pixels = new float[count * PIXELS];
    ColumnReader reader = digits.reader(0, DType.F32, List.of((long) PIXELS));
    reader.gather(examples(first, count), 0, count, MemorySegment.ofArray(pixels));
    return pixels;
  }

  private static int[] labels(ArrayDataSource digits) {
    int count = Math.toIntExact(digits.countExamples());
    int[] labels = new int[count];
    ColumnReader reader = digits.reader(1, DType.I32, List.of());
    reader.gather(examples(0, count), 0, count, MemorySegment.ofArray(labels));
    return labels;
  }

  private static long[] examples(int first, int count) {
    return LongStream.range(first, (long) first + count).toArray();
  }
}
