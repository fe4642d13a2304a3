package dev.dlm.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.OneHot;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.math.Dequantize;
import dev.dlm.op.math.Quantize;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.nn.WindowGeometry;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values worked out by hand, and the relations between ops that must hold for any values. */
class OpValuesTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  private static HostTensor evaluate(Op op, HostTensor... operands) {
    List<TensorType> types = Arrays.stream(operands).map(HostTensor::type).toList();
    List<TensorType> results = new InferContext(op, types, Location.UNKNOWN).infer();
    return op.evaluate(new EvalContext(List.of(operands), results)).get(0);
  }

  private static HostTensor vector(float... elements) {
    return HostTensor.of(elements, elements.length);
  }

  private static HostTensor matrix(int columns, float... elements) {
    return HostTensor.of(elements, elements.length / columns, columns);
  }

  private static HostTensor scalar(double value) {
    return HostTensor.scalar(DType.F32, value);
  }

  private static List<Dim> dims(long... sizes) {
    return Arrays.stream(sizes).mapToObj(Dim::of).toList();
  }

  @Test
  void movesOfElements() {
    HostTensor x = matrix(3, 1, 2, 3, 4, 5, 6);
    assertThat(evaluate(new Transpose(List.of(1, 0)), x)).isEqualTo(matrix(2, 1, 4, 2, 5, 3, 6));
    assertThat(evaluate(new Reshape(Shape.of(3, 2)), x)).isEqualTo(matrix(2, 1, 2, 3, 4, 5, 6));
    assertThat(evaluate(new Broadcast(Shape.of(2, 3), List.of(0)), vector(7, 8)))
        .isEqualTo(matrix(3, 7, 7, 7, 8, 8, 8));
    assertThat(evaluate(new Slice(dims(0, 0), dims(2, 3), List.of(1L, 2L)), x))
        .isEqualTo(matrix(2, 1, 3, 4, 6));
    assertThat(evaluate(new Concat(1), x, matrix(1, 8, 9)))
        .isEqualTo(matrix(4, 1, 2, 3, 8, 4, 5, 6, 9));
    assertThat(evaluate(new Pad(dims(1), dims(-1), List.of(1L)), vector(1, 2, 3), scalar(9)))
        .isEqualTo(vector(9, 1, 9, 2, 9));
    assertThat(evaluate(new StopGradient(), vector(NAN, -0f))).isEqualTo(vector(NAN, -0f));
  }

  @Test
  void sources() {
    assertThat(evaluate(new Iota(TensorType.of(DType.F32, 2, 3), 1)))
        .isEqualTo(matrix(3, 0, 1, 2, 0, 1, 2));
    assertThat(evaluate(new Size(Dim.of(5), DType.F32))).isEqualTo(scalar(5));
  }

  @Test
  void reductions_includingEmptyOnesAndNan() {
    HostTensor x = matrix(3, 1, 2, 3, 4, NAN, 6);
    assertThat(evaluate(new Reduce(Reduce.Kind.SUM, List.of(0)), x)).isEqualTo(vector(5, NAN, 9));
    assertThat(evaluate(new Reduce(Reduce.Kind.MAX, List.of(1)), x)).isEqualTo(vector(3, NAN));
    assertThat(evaluate(new Reduce(Reduce.Kind.MIN, List.of(1)), x)).isEqualTo(vector(1, NAN));
    HostTensor empty = HostTensor.of(new float[0], 2, 0);
    assertThat(evaluate(new Reduce(Reduce.Kind.SUM, List.of(1)), empty)).isEqualTo(vector(0, 0));
    assertThat(evaluate(new Reduce(Reduce.Kind.MAX, List.of(1)), empty))
        .isEqualTo(vector(-INF, -INF));
    assertThat(evaluate(new Reduce(Reduce.Kind.MIN, List.of(1)), empty))
        .isEqualTo(vector(INF, INF));
    HostTensor none = HostTensor.ofLongs(TensorType.of(DType.I8, 0), i -> 0);
    assertThat(evaluate(new Reduce(Reduce.Kind.MAX, List.of(0)), none).longAt(0)).isEqualTo(-128);
    assertThat(evaluate(new Reduce(Reduce.Kind.MIN, List.of(0)), none).longAt(0)).isEqualTo(127);
    HostTensor truths = HostTensor.ofLongs(TensorType.of(DType.BOOL, 2, 2), i -> i == 1 ? 0 : 1);
    assertThat(evaluate(new Reduce(Reduce.Kind.ALL, List.of(1)), truths).longAt(0)).isZero();
    assertThat(evaluate(new Reduce(Reduce.Kind.ANY, List.of(1)), truths).longAt(0)).isEqualTo(1);
  }

  @Test
  void argReduce_takesTheFirstExtremeAndNanFirst() {
    HostTensor x = matrix(4, 1, 3, 3, 0, 2, NAN, 9, NAN);
    HostTensor largest = evaluate(new ArgReduce(ArgReduce.Kind.MAX, 1), x);
    assertThat(largest.longAt(0)).isEqualTo(1);
    assertThat(largest.longAt(1)).isEqualTo(1);
    HostTensor smallest = evaluate(new ArgReduce(ArgReduce.Kind.MIN, 1), x);
    assertThat(smallest.longAt(0)).isEqualTo(3);
    assertThat(smallest.longAt(1)).isEqualTo(1);
  }

  @Test
  void products() {
    HostTensor a = matrix(2, 1, 2, 3, 4);
    HostTensor b = matrix(2, 5, 6, 7, 8);
    assertThat(evaluate(Dot.ofMatrices(), a, b)).isEqualTo(matrix(2, 19, 22, 43, 50));
    Dot columns = new Dot(List.of(), List.of(), List.of(0), List.of(0));
    assertThat(evaluate(columns, a, b)).isEqualTo(matrix(2, 26, 30, 38, 44));
    Dot batched = new Dot(List.of(0), List.of(0), List.of(1), List.of(1));
    assertThat(evaluate(batched, a, b)).isEqualTo(vector(17, 53));
    HostTensor bytes = HostTensor.ofLongs(TensorType.of(DType.I8, 1, 2), i -> 100);
    HostTensor column = HostTensor.ofLongs(TensorType.of(DType.I8, 2, 1), i -> 1);
    assertThat(evaluate(Dot.ofMatrices(), bytes, column).longAt(0)).isEqualTo(-56);
  }

  @Test
  void convolutions() {
    HostTensor x = HostTensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
    HostTensor w = HostTensor.of(new float[] {1, 10}, 1, 1, 2);
    assertThat(evaluate(new Convolution(ConvolutionWindow.plain(1)), x, w))
        .isEqualTo(HostTensor.of(new float[] {21, 32, 43}, 1, 1, 3));
    ConvolutionWindow strided =
        new ConvolutionWindow(List.of(2L), List.of(1L), List.of(1L), List.of(2L), 1);
    assertThat(evaluate(new Convolution(strided), x, w))
        .isEqualTo(HostTensor.of(new float[] {20, 42}, 1, 1, 2));
    HostTensor u = HostTensor.of(new float[] {1, 2, 3}, 1, 1, 3);
    ConvolutionWindow plain = ConvolutionWindow.plain(1);
    assertThat(evaluate(new ConvolutionInputGradient(plain, dims(4)), u, w))
        .isEqualTo(HostTensor.of(new float[] {1, 12, 23, 30}, 1, 1, 4));
    assertThat(evaluate(new ConvolutionKernelGradient(plain, dims(2)), x, u))
        .isEqualTo(HostTensor.of(new float[] {14, 20}, 1, 1, 2));
  }

  @Test
  void windows() {
    WindowGeometry padded = new WindowGeometry(List.of(3L), List.of(2L), List.of(1L), List.of(1L));
    HostTensor x = vector(1, 5, 5, NAN, 2);
    assertThat(evaluate(new ReduceWindow(Reduce.Kind.MAX, padded), vector(1, 5, 5, 4, 2)))
        .isEqualTo(vector(5, 5, 4));
    assertThat(evaluate(new ReduceWindow(Reduce.Kind.MIN, padded), vector(1, 5, 5, 4, 2)))
        .isEqualTo(vector(1, 4, 2));
    assertThat(evaluate(new ReduceWindow(Reduce.Kind.SUM, padded), vector(1, 5, 5, 4, 2)))
        .isEqualTo(vector(6, 14, 6));
    assertThat(evaluate(new ReduceWindow(Reduce.Kind.MAX, padded), x))
        .isEqualTo(vector(5, NAN, NAN));
    assertThat(
            evaluate(
                new SelectAndScatter(Reduce.Kind.MAX, padded),
                vector(1, 5, 5, 4, 2),
                vector(10, 20, 30)))
        .isEqualTo(vector(0, 30, 0, 30, 0));
    assertThat(
            evaluate(
                new SelectAndGather(Reduce.Kind.MAX, padded),
                vector(1, 5, 5, 4, 2),
                vector(1, 2, 3, 4, 5)))
        .isEqualTo(vector(2, 2, 4));
  }

  @Test
  void quantization_roundsHalvesToEvenAndSaturates() {
    HostTensor x = vector(0, 0.25f, 0.75f, -0.25f, 63.4f, -64, 1000, -INF, NAN);
    HostTensor scale = scalar(0.5);
    HostTensor zero = HostTensor.ofLongs(TensorType.of(DType.I8), i -> 1);
    HostTensor y = evaluate(new Quantize(DType.I8, Quantize.WHOLE), x, scale, zero);
    long[] expected = {1, 1, 3, 1, 127, -127, 127, -128, 0};
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.longAt(i)).as("element %s", i).isEqualTo(expected[i]);
    }
    HostTensor back = evaluate(new Dequantize(Quantize.WHOLE), y, scale, zero);
    assertThat(back).isEqualTo(vector(0, 0, 1, 0, 63, -64, 63, -64.5f, -0.5f));
  }

  @Test
  void quantization_alongAnAxisHasOneScaleAnIndex() {
    HostTensor zero = HostTensor.ofLongs(TensorType.of(DType.U8, 2), i -> 100 * i);
    HostTensor y =
        evaluate(new Quantize(DType.U8, 1), matrix(2, 1, 1, -3, -3), vector(1, 0.1f), zero);
    long[] expected = {1, 110, 0, 70};
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.longAt(i)).as("element %s", i).isEqualTo(expected[i]);
    }
  }

  static List<OpCase> convolutionCases() {
    return OpCases.evaluable(DType.F32).stream()
        .filter(one -> one.op() instanceof Convolution)
        .toList();
  }

  /** {@code ⟨u, conv(x, w)⟩ = ⟨x, inputGradient(u, w)⟩ = ⟨w, kernelGradient(x, u)⟩}. */
  @ParameterizedTest
  @MethodSource("convolutionCases")
  void convolutionGradients_areAdjoint(OpCase one) {
    ConvolutionWindow window = ((Convolution) one.op()).window();
    OpCase wide =
        new OpCase(
            one.op(),
            one.operands().stream().map(type -> type.withDType(DType.F64)).toList(),
            one.domains(),
            one.violated());
    HostTensor x = wide.arguments(1).get(0);
    HostTensor w = wide.arguments(1).get(1);
    HostTensor y = evaluate(one.op(), x, w);
    HostTensor u = OpCase.works(one.op(), y.type()).arguments(2).get(0);
    List<Dim> inputs = x.type().shape().dims().subList(2, x.type().rank());
    List<Dim> kernels = w.type().shape().dims().subList(2, w.type().rank());
    double expected = inner(u, y);
    double tolerance = 1e-12 * (1 + y.count());
    HostTensor dx = evaluate(new ConvolutionInputGradient(window, inputs), u, w);
    HostTensor dw = evaluate(new ConvolutionKernelGradient(window, kernels), x, u);
    assertThat(inner(x, dx)).isCloseTo(expected, Offset.offset(tolerance));
    assertThat(inner(w, dw)).isCloseTo(expected, Offset.offset(tolerance));
  }

  private static double inner(HostTensor a, HostTensor b) {
    assertThat(a.type()).isEqualTo(b.type());
    double sum = 0;
    for (int i = 0; i < a.count(); i++) {
      sum += a.doubleAt(i) * b.doubleAt(i);
    }
    return sum;
  }

  private static List<HostTensor> evaluateAll(Op op, HostTensor x) {
    List<TensorType> results = new InferContext(op, List.of(x.type()), Location.UNKNOWN).infer();
    return op.evaluate(new EvalContext(List.of(x), results));
  }

  @Test
  void cumulativeResults() {
    HostTensor x = vector(1, 3, 2, 0, 5);
    assertThat(evaluate(new Cumulative(Cumulative.Kind.SUM, 0, false, false), x))
        .isEqualTo(vector(1, 4, 6, 6, 11));
    assertThat(evaluate(new Cumulative(Cumulative.Kind.SUM, 0, true, true), x))
        .isEqualTo(vector(10, 7, 5, 5, 0));
    assertThat(evaluate(new Cumulative(Cumulative.Kind.PRODUCT, 0, false, true), x))
        .isEqualTo(vector(0, 0, 0, 0, 5));
    assertThat(evaluate(new Cumulative(Cumulative.Kind.PRODUCT, 0, true, false), x))
        .isEqualTo(vector(1, 1, 3, 6, 0));
    assertThat(evaluate(new Cumulative(Cumulative.Kind.MAX, 0, false, false), vector(1, 3, NAN, 9)))
        .isEqualTo(vector(1, 3, NAN, NAN));
    assertThat(evaluate(new Cumulative(Cumulative.Kind.MAX, 0, true, false), x))
        .isEqualTo(vector(-INF, 1, 3, 3, 3));
    assertThat(
            evaluate(
                new Cumulative(Cumulative.Kind.SUM, 0, false, false), matrix(2, 1, 2, 3, 4, 5, 6)))
        .isEqualTo(matrix(2, 1, 2, 4, 6, 9, 12));
    HostTensor bytes = HostTensor.ofLongs(TensorType.of(DType.I8, 2), i -> 100);
    assertThat(evaluate(new Cumulative(Cumulative.Kind.SUM, 0, false, false), bytes).longAt(1))
        .isEqualTo(-56);
  }

  @Test
  void recurrences() {
    HostTensor a = vector(7, 2, 0, 3);
    HostTensor b = vector(1, 2, 3, 4);
    assertThat(evaluate(new LinearRecurrence(0, false), a, b)).isEqualTo(vector(1, 4, 3, 13));
    assertThat(evaluate(new LinearRecurrence(0, true), a, b)).isEqualTo(vector(57, 8, 3, 4));
  }

  @Test
  void sorting_keepsTheOrderOfEqualElementsAndPutsNanLast() {
    HostTensor x = vector(2, NAN, 0, -INF, -0f, 2, INF);
    List<HostTensor> ascending = evaluateAll(new Sort(0, false), x);
    assertThat(ascending.get(0)).isEqualTo(vector(-INF, 0, -0f, 2, 2, INF, NAN));
    assertThat(ascending.get(1)).isEqualTo(indices(3, 2, 4, 0, 5, 6, 1));
    List<HostTensor> descending = evaluateAll(new Sort(0, true), x);
    assertThat(descending.get(0)).isEqualTo(vector(INF, 2, 2, 0, -0f, -INF, NAN));
    assertThat(descending.get(1)).isEqualTo(indices(6, 0, 5, 2, 4, 3, 1));
    List<HostTensor> largest = evaluateAll(new TopK(Dim.of(3), 0), x);
    assertThat(largest.get(0)).isEqualTo(vector(INF, 2, 2));
    assertThat(largest.get(1)).isEqualTo(indices(6, 0, 5));
    HostTensor columns = evaluate(new Sort(0, false), matrix(2, 3, 1, 1, 2, 2, 0));
    assertThat(columns).isEqualTo(matrix(2, 1, 0, 2, 1, 3, 2));
  }

  private static HostTensor indices(long... elements) {
    return HostTensor.ofLongs(TensorType.of(DType.I32, elements.length), i -> elements[i]);
  }

  @Test
  void oneHot_isOffWhereTheLabelIsNoClass() {
    HostTensor label = HostTensor.ofLongs(TensorType.of(DType.I32, 3), i -> 2 - 2 * i);
    assertThat(evaluate(new OneHot(Dim.of(3), 1, DType.F32, 1, 0), label))
        .isEqualTo(matrix(3, 0, 0, 1, 1, 0, 0, 0, 0, 0));
    assertThat(evaluate(new OneHot(Dim.of(3), 0, DType.F32, 2, 1), label))
        .isEqualTo(matrix(3, 1, 2, 1, 1, 1, 1, 2, 1, 1));
  }
}
