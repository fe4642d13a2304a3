package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A loop run on each block of a contraction's result gives what it gives on the whole. */
class EpilogueTest {

  @ParameterizedTest
  @CsvSource({
    "F32, 1, 1, 1",
    "F32, 7, 10, 3",
    "F32, 128, 10, 128",
    "F32, 300, 600, 70",
    "F32, 3, 2000, 5",
    "F64, 33, 17, 9",
    "I8, 5, 6, 7"
  })
  void matrixProduct_hasItsEpilogueAppliedOnceToEachElement(
      DType dtype, int rows, int columns, int depth) {
    HostTensor a = random(TensorType.of(dtype, rows, depth), 1);
    HostTensor b = random(TensorType.of(dtype, depth, columns), 2);
    HostTensor bias = random(TensorType.of(dtype, columns), 3);
    TensorType result = TensorType.of(dtype, rows, columns);

    check(Dot.ofMatrices(), a, b, bias, result, new long[] {0, 1});
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5", "4, 33, 14", "2, 1, 28"})
  void convolution_hasItsEpilogueAppliedOnceToEachElement(int batch, int channels, int size) {
    HostTensor x = random(TensorType.of(DType.F32, batch, 2, size, size), 1);
    HostTensor w = random(TensorType.of(DType.F32, channels, 2, 3, 3), 2);
    HostTensor bias = random(TensorType.of(DType.F32, channels), 3);
    TensorType result = TensorType.of(DType.F32, batch, channels, size, size);
    ConvolutionWindow window = ConvolutionWindow.padded(List.of(1L, 1L), List.of(1L, 1L));

    check(new Convolution(window), x, w, bias, result, new long[] {0, 1, 0, 0});
  }

  private static void check(
      Op op, HostTensor left, HostTensor right, HostTensor bias, TensorType result, long[] along) {
    LoopKernel epilogue = epilogue(result, along);
    try (Device device = new CpuDeviceProvider().open(new DeviceOptions(2))) {
      HostTensor plain =
          SingleOp.run(device, new OpKernel(op), List.of(left, right), List.of(result)).get(0);
      HostTensor fused =
          SingleOp.run(
                  device,
                  new OpKernel(op, Optional.of(epilogue)),
                  List.of(left, right, bias),
                  List.of(result))
              .get(0);
      assertThat(fused).isEqualTo(biased(plain, bias, along));
    }
  }

  /** {@code max(y + bias, 0)}, as the epilogue computes it. */
  private static HostTensor biased(HostTensor plain, HostTensor bias, long[] along) {
    long[] sizes = plain.sizes();
    int inner = 1;
    for (int axis = sizes.length - 1; along[axis] == 0; axis--) {
      inner *= (int) sizes[axis];
    }
    int period = inner;
    return plain.dtype() == DType.I8
        ? HostTensor.ofLongs(
            plain.type(),
            i -> Math.max((byte) (plain.longAt(i) + bias.longAt(i / period % bias.count())), 0))
        : HostTensor.ofDoubles(
            plain.type(),
            i -> {
              double sum = plain.doubleAt(i) + bias.doubleAt(i / period % bias.count());
              return Math.max(plain.dtype().round(sum), 0);
            });
  }

  private static LoopKernel epilogue(TensorType result, long[] along) {
    DType dtype = result.dtype();
    List<Dim> strides = result.shape().strides();
    List<Dim> biasStrides = Arrays.stream(along).mapToObj(Dim::of).toList();
    HostTensor zero = HostTensor.scalar(dtype, 0);
    Block block =
        new Block(
            List.of(
                new Instruction.Load(0, dtype, zero),
                new Instruction.Load(1, dtype, zero),
                new Instruction.Apply(ScalarFunction.ADD, dtype, List.of(0, 1)),
                new Instruction.Literal(zero),
                new Instruction.Apply(ScalarFunction.MAXIMUM, dtype, List.of(2, 3))),
            List.of(),
            List.of(new Block.Store(0, 4)));
    return new LoopKernel(
        List.of(),
        result.shape().dims(),
        List.of(
            new Access(3, Dim.ZERO, strides, List.of()),
            new Access(2, Dim.ZERO, biasStrides, List.of())),
        List.of(block),
        Block.EMPTY);
  }

  private static HostTensor random(TensorType type, long seed) {
    Random random = new Random(seed);
    return type.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> random.nextGaussian())
        : HostTensor.ofLongs(type, i -> random.nextInt(9) - 4);
  }
}
