package dev.dlm.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Scatter;
import dev.dlm.op.array.Sort;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Exp;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.WindowGeometry;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations against counts made by hand. */
class OpOperationsTest {
  private static final Dim BATCH = Dim.symbol("B");

  static List<OpCase> evaluable() {
    return OpCases.evaluable();
  }

  private static Dim operations(Op op, TensorType... operands) {
    List<TensorType> types = List.of(operands);
    return op.operations(types, op.infer(new InferContext(op, types, Location.UNKNOWN)));
  }

  private static TensorType f32(long... sizes) {
    return TensorType.of(DType.F32, sizes);
  }

  @ParameterizedTest
  @MethodSource("evaluable")
  void operations_areACountForEveryOp(OpCase one) {
    List<TensorType> results =
        one.op().infer(new InferContext(one.op(), one.operands(), Location.UNKNOWN));
    assertThat(one.op().operations(one.operands(), results).asLong()).isNotNegative();
    for (int i = 0; i < one.operands().size(); i++) {
      assertThat(one.op().elementsRead(i, one.operands(), results).asLong()).isNotNegative();
    }
  }

  @Test
  void operations_ofElementwiseOpsAreThoseOfTheirFunctionForEachElement() {
    assertThat(operations(new Add(), f32(3, 5), f32(3, 5))).isEqualTo(Dim.of(15));
    assertThat(operations(new Exp(), f32(3, 5)))
        .isEqualTo(Dim.of(15L * ScalarFunction.EXP.operations()));
  }

  @Test
  void operations_ofADotAreAProductAndASumForEachElementAndDepth() {
    TensorType left = new TensorType(DType.F32, Shape.of(BATCH, Dim.of(7)));
    assertThat(operations(Dot.ofMatrices(), left, f32(7, 3))).isEqualTo(BATCH.times(2 * 7 * 3));
    Dot batched = new Dot(List.of(0), List.of(0), List.of(2), List.of(1));
    assertThat(operations(batched, f32(4, 2, 5), f32(4, 5, 3)))
        .isEqualTo(Dim.of(2 * 4 * 2 * 5 * 3));
  }

  @Test
  void operations_ofAConvolutionAndItsGradientsAreEqual() {
    ConvolutionWindow window =
        new ConvolutionWindow(
            List.of(2L, 2L), List.of(1L, 1L), List.of(1L, 1L), List.of(1L, 1L), 2);
    TensorType x = f32(5, 6, 8, 8);
    TensorType w = f32(4, 3, 3, 3);
    TensorType y = f32(5, 4, 4, 4);
    Dim expected = Dim.of(2L * (5 * 4 * 4 * 4) * (3 * 3 * 3));
    assertThat(operations(new Convolution(window), x, w)).isEqualTo(expected);
    List<Dim> eight = List.of(Dim.of(8), Dim.of(8));
    assertThat(operations(new ConvolutionInputGradient(window, eight), y, w)).isEqualTo(expected);
    List<Dim> three = List.of(Dim.of(3), Dim.of(3));
    assertThat(operations(new ConvolutionKernelGradient(window, three), x, y)).isEqualTo(expected);
  }

  @Test
  void operations_ofFoldsAreOneForEachElementTakenIn() {
    assertThat(operations(new Reduce(Reduce.Kind.SUM, List.of(1)), f32(3, 5)))
        .isEqualTo(Dim.of(15));
    assertThat(operations(new Cumulative(Cumulative.Kind.SUM, 0, false, false), f32(6)))
        .isEqualTo(Dim.of(6));
    assertThat(operations(new LinearRecurrence(0, false), f32(6), f32(6))).isEqualTo(Dim.of(12));
    WindowGeometry window =
        new WindowGeometry(List.of(1L, 2L), List.of(1L, 2L), List.of(0L, 0L), List.of(0L, 0L));
    assertThat(operations(new ReduceWindow(Reduce.Kind.MAX, window), f32(3, 8)))
        .isEqualTo(Dim.of(3 * 4 * 2));
  }

  @Test
  void operations_ofASortAreComparisonsAndThoseOfMovesAreNone() {
    assertThat(operations(new Sort(1, false), f32(3, 16))).isEqualTo(Dim.of(3 * 16 * 4));
    assertThat(operations(new Sort(1, false), f32(3, 17))).isEqualTo(Dim.of(3 * 17 * 5));
    TensorType indices = TensorType.of(DType.I32, 4, 1);
    assertThat(operations(new Gather(0, List.of(0)), f32(100, 8), indices)).isEqualTo(Dim.ZERO);
    Scatter add = new Scatter(Scatter.Kind.ADD, 0, List.of(0));
    assertThat(operations(add, f32(100, 8), indices, f32(4, 8))).isEqualTo(Dim.of(32));
  }
}
