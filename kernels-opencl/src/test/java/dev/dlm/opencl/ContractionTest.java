package dev.dlm.opencl;

import static dev.dlm.opencl.OpenClTesting.assertClose;
import static dev.dlm.opencl.OpenClTesting.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionInputGradient;
import dev.dlm.op.nn.ConvolutionKernelGradient;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Executable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every contraction against its reference, in the code for processors and in that for others. */
class ContractionTest {
  /** Units in the last place of the largest partial sum, by which sums of products may differ. */
  private static final double ULPS = 16;

  /** What partial sums of at most a thousand products of random numbers below 1 stay below. */
  private static final double LARGEST_SUM = 50;

  private static HostTensor random(DType dtype, long seed, long... sizes) {
    Random random = new Random(seed);
    TensorType type = TensorType.of(dtype, sizes);
    return dtype.isFloat()
        ? HostTensor.ofDoubles(type, i -> random.nextDouble() * 2 - 1)
        : HostTensor.ofLongs(type, i -> random.nextLong());
  }

  private static void check(OpenClDevice device, Op op, HostTensor left, HostTensor right) {
    TensorType type =
        op.infer(new InferContext(op, List.of(left.type(), right.type()), Location.UNKNOWN)).get(0);
    HostTensor expected = op.evaluate(new EvalContext(List.of(left, right), List.of(type))).get(0);
    HostTensor actual = run(device, new OpKernel(op), List.of(left, right), List.of(type)).get(0);
    assertClose(
        op + " of " + left.type() + ", " + right.type(), actual, expected, ULPS, LARGEST_SUM);
  }

  private static void checkMatrices(OpenClDevice device, DType dtype, int m, int n, int k) {
    check(device, Dot.ofMatrices(), random(dtype, 1, m, k), random(dtype, 2, k, n));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dot_ofMatricesOfAllSizes(boolean processor) {
    TensorType left = TensorType.of(DType.F32, Dim.symbol("M"), Dim.symbol("K"));
    TensorType right = TensorType.of(DType.F32, Dim.symbol("K"), Dim.symbol("N"));
    TensorType result = TensorType.of(DType.F32, Dim.symbol("M"), Dim.symbol("N"));
    Dot dot = Dot.ofMatrices();
    Program program =
        OpenClTesting.program(new OpKernel(dot), List.of(left, right), List.of(result), false);
    try (OpenClDevice device = OpenClTesting.open(processor)) {
      Executable executable = device.prepare(program);
      for (long m : new long[] {0, 1, 17, 67, 130}) {
        for (long n : new long[] {0, 1, 16, 31, 97}) {
          for (long k : new long[] {0, 17, 300}) {
            List<HostTensor> reads =
                List.of(random(DType.F32, 1, m, k), random(DType.F32, 2, k, n));
            TensorType type = TensorType.of(DType.F32, m, n);
            HostTensor expected = dot.evaluate(new EvalContext(reads, List.of(type))).get(0);
            Map<String, Long> sizes = Map.of("M", m, "N", n, "K", k);
            HostTensor actual = OpenClTesting.run(executable, program, sizes, reads).get(0);
            assertClose(sizes.toString(), actual, expected, ULPS, LARGEST_SUM);
          }
        }
      }
      assertThat(device.programs().count())
          .as("one program for a processor, else one for each shape of tiles")
          .isEqualTo(processor ? 1 : 4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dot_ofAllTypes(boolean processor) {
    try (OpenClDevice device = OpenClTesting.open(processor)) {
      for (DType dtype : DType.values()) {
        if (dtype != DType.BOOL) {
          checkMatrices(device, dtype, 19, 37, 23);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dot_ofTransposedBatchedAndScatteredAxes(boolean processor) {
    try (OpenClDevice device = OpenClTesting.open(processor)) {
      check(
          device,
          new Dot(List.of(), List.of(), List.of(0), List.of(0)),
          random(DType.F32, 1, 23, 19),
          random(DType.F32, 2, 23, 37));
      check(
          device,
          new Dot(List.of(), List.of(), List.of(1), List.of(1)),
          random(DType.F32, 1, 19, 23),
          random(DType.F32, 2, 37, 23));
      check(
          device,
          new Dot(List.of(0, 1), List.of(0, 1), List.of(3), List.of(2)),
          random(DType.F32, 1, 3, 5, 19, 23),
          random(DType.F32, 2, 3, 5, 23, 18));
      check(
          device,
          new Dot(List.of(2), List.of(0), List.of(3, 0), List.of(3, 1)),
          random(DType.F32, 1, 4, 5, 3, 7, 2),
          random(DType.F32, 2, 3, 4, 6, 7));
      check(
          device,
          new Dot(List.of(), List.of(), List.of(), List.of()),
          random(DType.F32, 1, 5),
          random(DType.F32, 2, 7));
      check(
          device,
          new Dot(List.of(), List.of(), List.of(0), List.of(0)),
          random(DType.F32, 1, 500),
          random(DType.F32, 2, 500));
    }
  }

  private static void checkConvolution(
      OpenClDevice device, ConvolutionWindow window, DType dtype, long[] input, long[] kernel) {
    HostTensor x = random(dtype, 1, input);
    HostTensor w = random(dtype, 2, kernel);
    Op forward = new Convolution(window);
    check(device, forward, x, w);
    TensorType output =
        forward
            .infer(new InferContext(forward, List.of(x.type(), w.type()), Location.UNKNOWN))
            .get(0);
    HostTensor upstream = random(dtype, 3, output.shape().asLongs());
    List<Dim> inputSizes = x.type().shape().dims().subList(2, input.length);
    List<Dim> kernelSizes = w.type().shape().dims().subList(2, kernel.length);
    check(device, new ConvolutionInputGradient(window, inputSizes), upstream, w);
    check(device, new ConvolutionKernelGradient(window, kernelSizes), x, upstream);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void convolution_andItsGradients(boolean processor) {
    try (OpenClDevice device = OpenClTesting.open(processor)) {
      ConvolutionWindow plain = ConvolutionWindow.plain(2);
      checkConvolution(
          device, plain, DType.F32, new long[] {3, 1, 12, 11}, new long[] {5, 1, 5, 5});
      checkConvolution(
          device, plain, DType.F32, new long[] {2, 20, 9, 9}, new long[] {33, 20, 3, 2});
      checkConvolution(
          device,
          ConvolutionWindow.padded(List.of(1L, 2L), List.of(2L, 1L)),
          DType.F32,
          new long[] {2, 3, 7, 8},
          new long[] {4, 3, 3, 3});
      checkConvolution(
          device,
          new ConvolutionWindow(
              List.of(2L, 3L), List.of(1L, 0L), List.of(1L, 2L), List.of(1L, 2L), 1),
          DType.F32,
          new long[] {2, 3, 11, 13},
          new long[] {4, 3, 3, 3});
      checkConvolution(
          device,
          new ConvolutionWindow(
              List.of(2L, 1L), List.of(-1L, 1L), List.of(1L, -1L), List.of(2L, 1L), 3),
          DType.F32,
          new long[] {2, 6, 11, 9},
          new long[] {9, 2, 3, 3});
      checkConvolution(
          device,
          ConvolutionWindow.plain(1),
          DType.F64,
          new long[] {2, 3, 17},
          new long[] {4, 3, 4});
      checkConvolution(
          device,
          ConvolutionWindow.plain(3),
          DType.BF16,
          new long[] {1, 2, 5, 4, 6},
          new long[] {3, 2, 2, 3, 2});
      checkConvolution(device, plain, DType.F32, new long[] {0, 2, 5, 5}, new long[] {3, 2, 3, 3});
    }
  }
}
