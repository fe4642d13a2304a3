package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian m.dlm                     | Did you mean: dlm train
          train                           | Missing required parameter: 'FILE'
          train a.dlm b.dlm               | Unmatched argument at index 2: 'b.dlm'
          train m.dlm --epoch 3           | Possible solutions: --epochs
          train m.dlm --epochs three      | 'three' is not an int
          train m.dlm --epochs 0          | --epochs 0: expected at least 1
          train m.dlm --batch -1          | --batch -1: expected at least 1
          run m.dlmc --threads 0          | --threads 0: expected at least 1
          run m.dlmc --max-memory lots    | 'lots' is no size; sizes are like 512M or 2G
          run m.dlmc --input image        | NAME=FILE
          bench m.dlmc --callers 0        | --callers 0: expected at least 1
          bench m.dlmc --seconds 0        | --seconds 0.0: expected more than 0
          bench m.dlmc --warmup -1        | --warmup -1.0: expected at least 0
          bench m.dlmc --size B=-1        | --size B=-1: expected at least 0
          bench m.dlmc --size B=many      | 'many' is not a long
          train m.dlm --trace-batches 0   | --trace-batches 0: expected at least 1
          show m.dlm --format pdf         | expected one of [text, dot]
          check                           | Missing required parameter: 'FILE'
          """)
  void wrongUsage_isSaidOnStandardErrorWithExitCodeTwo(String arguments, String message) {
    List<String> words = List.of(arguments.split(" "));

    CommandRun run = CommandRun.of(words.toArray());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("dlm: ").contains(message).contains("--help'.");
    assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void version_isOneLine() {
    assertThat(CommandRun.of("--version").out()).matches("dlm \\S+\\n");
  }
}
