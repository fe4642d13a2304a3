package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.Cumulative;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import dev.dlm.plan.OpKernel;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ops along an axis, on lengths around what changes their way, and on unusual values. */
class SequenceKernelTest {
  private static final double[] SPECIAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Float.MIN_VALUE,
    65504,
    -1
  };

  private static List<HostTensor> run(int threads, Op op, HostTensor... operands) {
    try (Device device = new CpuDeviceProvider().open(new DeviceOptions(threads))) {
      return SingleOp.run(device, new OpKernel(op), List.of(operands), results(op, operands));
    }
  }

  private static List<TensorType> results(Op op, HostTensor... operands) {
    List<TensorType> types = List.of(operands).stream().map(HostTensor::type).toList();
    return new InferContext(op, types, Location.UNKNOWN).infer();
  }

  private static List<HostTensor> expected(Op op, HostTensor... operands) {
    return op.evaluate(new EvalContext(List.of(operands), results(op, operands)));
  }

  /** Few different values, so that many are equal; a fifth of the floats is special. */
  private static HostTensor tensor(DType dtype, long... sizes) {
    Random random = new Random(sizes.length);
    TensorType type = TensorType.of(dtype, sizes);
    return dtype.isFloat()
        ? HostTensor.ofDoubles(
            type,
            i ->
                random.nextInt(5) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : random.nextInt(100) - 50)
        : HostTensor.ofLongs(type, i -> random.nextLong() >> random.nextInt(64));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL"},
      mode = EnumSource.Mode.EXCLUDE)
  void sort_agreesWithTheReferenceToTheBit(DType dtype) {
    for (long length : new long[] {0, 1, 2, 47, 48, 49, 257, 1009}) {
      for (boolean descending : new boolean[] {false, true}) {
        HostTensor rows = tensor(dtype, 3, length);
        Sort alongRows = new Sort(1, descending);
        assertThat(run(2, alongRows, rows)).isEqualTo(expected(alongRows, rows));
        HostTensor columns = tensor(dtype, 2, length, 3);
        Sort alongColumns = new Sort(1, descending);
        assertThat(run(3, alongColumns, columns)).isEqualTo(expected(alongColumns, columns));
      }
      HostTensor rows = tensor(dtype, 3, length);
      TopK some = new TopK(Dim.of(length / 2), 1);
      assertThat(run(2, some, rows)).isEqualTo(expected(some, rows));
    }
  }

  /** As the definition says it, one addition or step after the other. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void sumsAndRecurrences_goInTheOrderOfTheAxisOnAnyNumberOfThreads(int threads) {
    Random random = new Random(3);
    float[] elements = new float[40 * 1009];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    HostTensor x = HostTensor.of(elements, 40, 1009);
    HostTensor sums = run(threads, new Cumulative(Cumulative.Kind.SUM, 1, false, false), x).get(0);
    HostTensor steps = run(threads, new LinearRecurrence(1, true), x, x).get(0);
    for (int row = 0; row < 40; row++) {
      float sum = 0;
      float y = 0;
      for (int i = 0; i < 1009; i++) {
        sum += elements[row * 1009 + i];
        assertThat(sums.doubleAt(row * 1009 + i)).isEqualTo(sum);
        int back = row * 1009 + 1008 - i;
        y = Math.fma(elements[back], y, elements[back]);
        assertThat(steps.doubleAt(back)).isEqualTo(y);
      }
    }
  }
}
