package dev.dlm.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  private static Measurement measured(double run, double call) {
    return new Measurement(
        "dlm", "1", "work", 2, Map.of(Measurement.RUN, run, Measurement.CALL, call));
  }

  @Test
  void ofRounds_takesTheMedianOfEachFigure() {
    assertThat(Measurement.ofRounds(List.of(measured(3, 10), measured(1, 30), measured(2, 20))))
        .isEqualTo(measured(2, 20));
    assertThat(Measurement.ofRounds(List.of(measured(1, 5), measured(2, 5))))
        .isEqualTo(measured(1.5, 5));
  }

  @Test
  void ofRounds_withoutFigures_hasNone() {
    Measurement absent = new Measurement("dlm", "1", "work", 2, Map.of());
    assertThat(Measurement.ofRounds(List.of(absent))).isEqualTo(absent);
  }

  @Test
  void parse_readsWhatWasWritten() throws IOException {
    assertThat(Measurement.parse(measured(0.5, 2).toJson())).isEqualTo(measured(0.5, 2));
  }
}
