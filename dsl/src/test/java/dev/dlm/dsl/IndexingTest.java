package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.reference.Interpreter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements found by tensors of indices, by the values that they give. */
final class IndexingTest {

  /** {@code x} is [[0, 1, 2], [3, 4, 5]], {@code i} is [2, 0], {@code rows} [1, 1, -3, 7]. */
  private static HostTensor evaluate(String expression) {
    String text =
        """
        import nn
        model M {
          input x: f32[2, 3]
          input i: i32[2]
          input rows: i64[4]
          used = sum(x) + cast(sum(i), f32) + cast(sum(rows), f32)
          output y = %s
          output sum = used
        }
        """
            .formatted(expression);
    Graph graph =
        Dsl.elaborate("model.dlm", Sources.of(Map.of("model.dlm", text)))
            .mainModel()
            .orElseThrow()
            .graph();
    long[] rows = {1, 1, -3, 7};
    Map<String, HostTensor> inputs =
        Map.of(
            "x", HostTensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3),
            "i", HostTensor.ofLongs(TensorType.of(DType.I32, 2), k -> 2 - 2 * k),
            "rows", HostTensor.ofLongs(TensorType.of(DType.I64, 4), k -> rows[k]));
    return Interpreter.run(graph.signature(Graph.PREDICT), inputs, new HashMap<>())
        .outputs()
        .get("y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "take(x, rows) | 4 3 | 3 4 5 3 4 5 0 1 2 3 4 5",
        "take(x, 1) | 3 | 3 4 5",
        "take(x, [[0], [1]]) | 2 1 3 | 0 1 2 3 4 5",
        "take(x, i, axis = 1) | 2 2 | 2 0 5 3",
        "take(x, i, axis = -1) | 2 2 | 2 0 5 3",
        "take(x, reshape(rows, [2, 2]), axis = 1) | 2 2 2 | 1 1 0 2 4 4 3 5",
        "take_along(x, reshape(i, [2, 1])) | 2 1 | 2 3",
        "take_along(x, [[1, 0, 0]], axis = 0) | 1 3 | 3 1 2",
        "take_along(i, [1, 1, 0]) | 3 | 0 0 2",
        "scatter(x, [1], 9.0) | 2 3 | 0 1 2 9 9 9",
        "scatter(x, i, 9.0, axis = 1) | 2 3 | 9 1 9 9 4 9",
        "scatter(x, i, [[7.0, 8.0], [9.0, 10.0]], axis = 1) | 2 3 | 8 1 7 10 4 9",
        "scatter(x, rows, 1.0, kind = \"add\") | 2 3 | 0 1 2 5 6 7",
        "scatter(x, rows, 4.0, kind = \"max\") | 2 3 | 0 1 2 4 4 5",
        "dynamic_slice(x, i - 1, [1, 2]) | 1 2 | 3 4",
        "dynamic_slice(x, [0, i[0]], [2, 1]) | 2 1 | 2 5",
        "dynamic_slice(x, [1, 0], [1, 3]) | 1 3 | 3 4 5",
        "dynamic_update(x, [[9.0]], i) | 2 3 | 0 1 2 9 4 5",
        "dynamic_update(x, [[8.0, 9.0]], [i[1], 7]) | 2 3 | 0 8 9 3 4 5",
        "x[rows] | 4 3 | 3 4 5 3 4 5 0 1 2 3 4 5",
        "x[:, i] | 2 2 | 2 0 5 3",
        "x[.., i] | 2 2 | 2 0 5 3",
        "x[1, i] | 2 | 5 3",
        "x[1:, i] | 1 2 | 5 3",
        "x[i[0]] | 3 | 3 4 5",
        "x[:, i[1]] | 2 | 0 3",
        "x[i - 1, i] | 2 | 5 0",
        "x[reshape(i, [2, 1]), i] | 2 2 | 5 3 2 0",
        "x[i[0], i] | 2 | 5 3",
        "reshape(x, [1, 2, 3])[0, :, i] | 2 2 | 2 0 5 3",
        "reshape(x, [1, 2, 3])[:, i - 1, i] | 1 2 | 5 0",
        "reshape(x, [2, 1, 3])[i - 1, :, i] | 2 1 | 5 0",
        "reverse(x) | 2 3 | 2 1 0 5 4 3",
        "reverse(x, 0) | 2 3 | 3 4 5 0 1 2",
        "reverse(x, axis = [0, 1]) | 2 3 | 5 4 3 2 1 0",
        "scatter(x, 0, [1.0, 0.0, 9.0], kind = \"min\") | 2 3 | 0 0 2 3 4 5"
      })
  void expression_gives(String expression, String sizes, String elements) {
    HostTensor y = evaluate(expression);
    assertThat(join(y.sizes().length, k -> y.sizes()[k])).isEqualTo(sizes);
    assertThat(join(y.count(), k -> (long) y.doubleAt(k))).isEqualTo(elements);
  }

  private static String join(int count, java.util.function.IntToLongFunction element) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < count; k++) {
      text.append(k == 0 ? "" : " ").append(element.applyAsLong(k));
    }
    return text.toString();
  }
}
