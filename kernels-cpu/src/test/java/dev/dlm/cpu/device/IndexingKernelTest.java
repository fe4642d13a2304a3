package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Scatter;
import dev.dlm.plan.OpKernel;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexing at sizes whose work is shared: right, and the same bits for any number of threads. */
class IndexingKernelTest {

  private static HostTensor random(long... sizes) {
    Random random = new Random(1);
    return HostTensor.ofDoubles(
        TensorType.of(DType.F32, sizes), i -> random.nextGaussian() * Math.pow(10, i % 7));
  }

  /** Whole numbers, whose sums are exact. */
  private static HostTensor rounded(HostTensor x) {
    return HostTensor.ofDoubles(x.type(), i -> Math.rint(x.doubleAt(i) % 100));
  }

  /** Indices of which some lie just outside. */
  private static HostTensor indices(int limit, long... sizes) {
    Random random = new Random(2);
    return HostTensor.ofLongs(TensorType.of(DType.I32, sizes), i -> random.nextInt(limit + 2) - 1);
  }

  private static HostTensor run(int threads, Op op, HostTensor... operands) {
    try (Device device = new CpuDeviceProvider().open(new DeviceOptions(threads))) {
      TensorType result = expected(op, operands).type();
      return SingleOp.run(device, new OpKernel(op), List.of(operands), List.of(result)).get(0);
    }
  }

  private static HostTensor expected(Op op, HostTensor... operands) {
    List<TensorType> types = List.of(operands).stream().map(HostTensor::type).toList();
    List<TensorType> results = new InferContext(op, types, Location.UNKNOWN).infer();
    return op.evaluate(new EvalContext(List.of(operands), results)).get(0);
  }

  @ParameterizedTest
  @CsvSource({"1000, 300, 65", "50, 3000, 129", "7, 20000, 1", "3, 2, 40000"})
  void gather_ofManyRowsIsExact(int rows, int tuples, int columns) {
    HostTensor x = random(rows, columns);
    HostTensor indices = indices(rows, tuples, 1);
    Gather op = new Gather(0, List.of(0));
    assertThat(run(3, op, x, indices)).isEqualTo(expected(op, x, indices));
  }

  @ParameterizedTest
  @CsvSource({"ADD, 50, 3000, 129", "ADD, 7, 20000, 1", "SET, 100, 2000, 70", "MAX, 9, 3000, 33"})
  void scatter_ofManyRowsGivesTheSameBitsForAnyNumberOfThreads(
      Scatter.Kind kind, int rows, int tuples, int columns) {
    HostTensor x = random(rows, columns);
    HostTensor indices = indices(rows, tuples, 1);
    HostTensor updates = random(tuples, columns);
    Scatter op = new Scatter(kind, 0, List.of(0));
    HostTensor whole = rounded(x);
    HostTensor wholeUpdates = rounded(updates);
    assertThat(run(2, op, whole, indices, wholeUpdates))
        .isEqualTo(expected(op, whole, indices, wholeUpdates));
    HostTensor alone = run(1, op, x, indices, updates);
    assertThat(run(2, op, x, indices, updates)).isEqualTo(alone);
    assertThat(run(3, op, x, indices, updates)).isEqualTo(alone);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0, 1", "0, 2"})
  void batchesAndInnerAxes_areShared(int batch, int axis) {
    HostTensor x = random(40, 30, 90);
    HostTensor updates;
    HostTensor indices;
    if (batch == 1) {
      indices = indices(30, 40, 50, 1);
      updates = random(40, 50, 90);
    } else {
      indices = indices(axis == 1 ? 30 : 90, 50, 1);
      updates = axis == 1 ? random(50, 40, 90) : random(50, 40, 30);
    }
    Gather gather = new Gather(batch, List.of(axis));
    Scatter scatter = new Scatter(Scatter.Kind.SET, batch, List.of(axis));
    assertThat(run(2, gather, x, indices)).isEqualTo(expected(gather, x, indices));
    assertThat(run(3, scatter, x, indices, updates))
        .isEqualTo(expected(scatter, x, indices, updates));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET", "ADD", "MIN"})
  void scatter_inPlaceGivesWhatItGivesElsewhere(Scatter.Kind kind) {
    HostTensor x = random(60, 33);
    HostTensor indices = indices(60, 500, 1);
    HostTensor updates = rounded(random(500, 33));
    Scatter op = new Scatter(kind, 0, List.of(0));
    try (Device device = new CpuDeviceProvider().open(new DeviceOptions(2))) {
      List<HostTensor> operands = List.of(rounded(x), indices, updates);
      assertThat(SingleOp.runInPlace(device, new OpKernel(op), operands))
          .isEqualTo(expected(op, rounded(x), indices, updates));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 500, 64", "7, 1, 64", "3, 200, 5", "7, 500, 64"})
  void parts_ofManyRunsAreExactApartAndInPlace(int a, int b, int c) {
    HostTensor x = random(7, 500, 64);
    HostTensor update = rounded(random(a, b, c));
    HostTensor starts = HostTensor.ofLongs(TensorType.of(DType.I64, 3), i -> 40 * i - 10);
    DynamicUpdateSlice write = new DynamicUpdateSlice();
    DynamicSlice read = new DynamicSlice(Shape.of(a, b, c));
    HostTensor written = expected(write, x, update, starts);
    assertThat(run(2, write, x, update, starts)).isEqualTo(written);
    assertThat(run(2, read, x, starts)).isEqualTo(expected(read, x, starts));
    try (Device device = new CpuDeviceProvider().open(new DeviceOptions(2))) {
      List<HostTensor> operands = List.of(x, update, starts);
      assertThat(SingleOp.runInPlace(device, new OpKernel(write), operands)).isEqualTo(written);
    }
  }
}
