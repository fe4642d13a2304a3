package dev.dlm.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.reference.Interpreter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  @Test
  void signature_bindsSymbolsAndComputes() {
    GraphBuilder graph = new GraphBuilder("linear");
    Variable w = graph.variable("w", TensorType.of(DType.F32, 3, 1), Variable.Role.WEIGHT);
    SignatureBuilder predict = graph.signature("predict");
    Value x = predict.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(3)));
    predict.output("y", predict.body().relu(predict.body().matMul(x, predict.read(w))));
    Graph model = graph.build();
    assertThat(model.signature("predict").output(0).type()).hasToString("f32[B, 1]");
    HostTensor input = HostTensor.of(new float[] {1, 2, 3, -1, -2, -3}, 2, 3);
    HostTensor weight = HostTensor.of(new float[] {1, 1, 2}, 3, 1);
    Interpreter.Result result =
        Interpreter.run(model.signature("predict"), Map.of("x", input), Map.of("w", weight));
    assertThat(result.outputs()).containsEntry("y", HostTensor.of(new float[] {9, 0}, 2, 1));
  }

  @Test
  void matMul_withDifferentInnerDimensions_isTheUsersError() {
    SignatureBuilder predict = new GraphBuilder("bad").signature("predict");
    Value x = predict.input("x", TensorType.of(DType.F32, 2, 3));
    Value w = predict.input("w", TensorType.of(DType.F32, 4, 1));
    assertThatThrownBy(() -> predict.body().matMul(x, w))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("shape-mismatch")
        .hasMessageContaining("inner dimensions differ: 3 and 4");
  }
}
