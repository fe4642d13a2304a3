package dev.dlm.cli.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTensorsTest {
  @Test
  void parse_takesTheShapeFromTheNestingAndTheTypeFromTheInput() {
    Tensor tensor = parse("[[1, 2.5, \"NaN\"],\n [4, 5, \"-Infinity\"]]", DType.F32);

    assertThat(tensor.sizes()).containsExactly(2, 3);
    assertThat(tensor.dtype()).isEqualTo(DType.F32);
    assertThat(tensor.floats()).containsExactly(1, 2.5f, Float.NaN, 4, 5, Float.NEGATIVE_INFINITY);
  }

  @Test
  void parse_readsScalarsBooleansAndEmptyArrays() {
    assertThat(parse("7", DType.I32).longs()).containsExactly(7);
    assertThat(parse("7", DType.I32).rank()).isZero();
    assertThat(parse("[true, false]", DType.BOOL).longs()).containsExactly(1, 0);
    assertThat(parse("[]", DType.F32).sizes()).containsExactly(0);
    assertThat(parse("[[], []]", DType.F32).sizes()).containsExactly(2, 0);
  }

  @Test
  void format_isReadBackTheSame() {
    Tensor tensor = Tensor.of(new float[] {1.1f, Float.NaN, -0f, 3e-40f, 5, 6}, 3, 1, 2);

    assertThat(JsonTensors.parse("x", JsonTensors.format(tensor), DType.F32).hasSameBitsAs(tensor))
        .isTrue();
    assertThat(new String(JsonTensors.format(Tensor.of(new long[] {3})), StandardCharsets.UTF_8))
        .isEqualTo("3\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [[1, 2], [3]]    | F32  | x.json:1:12 | this array has 1 elements, those before have 2
          [[1, 2], 3]      | F32  | x.json:1:10 | found an element, expected an array
          [1, [2]]         | F32  | x.json:1:5  | nested deeper than those before
          [1, "two"]       | F32  | x.json:1:5  | found a string, expected a number or an array
          [1, null]        | F32  | x.json:1:5  | found 'null', expected a number
          [1, 2.5]         | I32  | x.json:1:5  | found '2.5', expected an integer
          [3000000000]     | I32  | x.json:1:2  | 3000000000 is no i32
          [-1]             | U8   | x.json:1:2  | -1 is no u8
          [1]              | BOOL | x.json:1:2  | found '1', expected true, false
          {"a": 1}         | F32  | x.json:1:1  | found '{', expected a number or an array
          [1, 2            | F32  | x.json:1    | not valid JSON
          [1] [2]          | F32  | x.json:1:5  | expected the end of the file
          ``               | F32  | x.json:1:1  | expected a number or an array
          """)
  void parse_saysWhatIsWrongAndWhere(String text, DType dtype, String place, String problem) {
    assertThatThrownBy(() -> parse(text, dtype))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith(place)
        .hasMessageContaining("error[tensor-file]")
        .hasMessageContaining(problem);
  }

  @Test
  void parse_endsAtABoundedDepth() {
    assertThatThrownBy(() -> parse("[".repeat(100_000), DType.F32))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nested deeper");
  }

  private static Tensor parse(String text, DType dtype) {
    return JsonTensors.parse("x.json", text.getBytes(StandardCharsets.UTF_8), dtype);
  }
}
