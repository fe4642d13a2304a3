package dev.dlm.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.dlm.benchmarks.report.Comparison.Difference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final Map<String, float[]> results = new LinkedHashMap<>();

  @Test
  void engineThatDiffersFromTheOthers_isNamedAlone() {
    results.put("a", new float[] {1, -4, 2});
    results.put("b", new float[] {1.1f, -4, 2});
    results.put("c", new float[] {1, -4, 2});
    List<Difference> differences = Comparison.differences(results, 1e-3);
    assertThat(differences).extracting(Difference::engine).containsExactly("b");
    // 0.1 of the largest magnitude, 4.
    assertThat(differences.getFirst().distance()).isCloseTo(0.025, offset(1e-6));
    assertThat(Comparison.describe(differences, 1e-3))
        .isEqualTo("differs from what engines agree on: b by 2.5e-02 (allowed: 1e-03)");
  }

  @Test
  void twoEnginesThatDiffer_areBothNamed() {
    results.put("a", new float[] {1});
    results.put("b", new float[] {2});
    assertThat(Comparison.differences(results, 1e-3))
        .extracting(Difference::engine)
        .containsExactly("a", "b");
  }

  @Test
  void smallDifferences_areAllowed() {
    results.put("a", new float[] {1000, 0});
    results.put("b", new float[] {1000.01f, 0.01f});
    assertThat(Comparison.differences(results, 1e-4)).isEmpty();
  }

  @Test
  void notANumber_differs() {
    results.put("a", new float[] {1, 1});
    results.put("b", new float[] {1, Float.NaN});
    results.put("c", new float[] {1, 1});
    assertThat(Comparison.differences(results, 1e-3))
        .extracting(Difference::engine)
        .containsExactly("b");
  }

  @Test
  void otherLengths_differ() {
    results.put("a", new float[] {1, 1});
    results.put("b", new float[] {1});
    assertThat(Comparison.differences(results, 1e-3)).hasSize(2);
  }

  @Test
  void oneEngine_agreesWithItself() {
    results.put("a", new float[] {Float.NaN});
    assertThat(Comparison.differences(results, 1e-3)).isEmpty();
  }
}
