package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Exp;
import dev.dlm.op.math.Log;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CpuFrameTest {
  private static final TensorType PAIR = TensorType.of(DType.F32, 2);
  private static final Sizes NO_SIZES = Sizes.of(Map.of());

  private Device device;
  private Arena arena;

  @BeforeEach
  void open() {
    device = new CpuDeviceProvider().open(new DeviceOptions(2));
    arena = Arena.ofConfined();
  }

  @AfterEach
  void close() {
    arena.close();
    device.close();
  }

  private MemorySegment floats(float... values) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }

  private float[] read(DeviceMemory memory) {
    MemorySegment target = arena.allocate(memory.sizeBytes(), 8);
    memory.read(0, target);
    return target.toArray(ValueLayout.JAVA_FLOAT);
  }

  private static Buffer variable(String name) {
    return new Buffer(PAIR.sizeBytes(), new Storage.OfVariable(name));
  }

  private static Program program(
      List<Program.Port> updates, List<Buffer> buffers, List<Step> steps, long arenaBytes) {
    return new Program(
        "step",
        List.of(),
        List.of(),
        updates,
        List.of(),
        List.of(),
        buffers,
        steps,
        Dim.of(arenaBytes));
  }

  @Test
  void updates_thatExchangeVariables_areCommittedAsIfAtOnce() {
    Program program =
        program(
            List.of(
                new Program.Port("a", new View(1, PAIR)),
                new Program.Port("b", new View(0, PAIR)),
                new Program.Port("c", new View(0, PAIR))),
            List.of(variable("a"), variable("b"), variable("c")),
            List.of(),
            0);
    try (DeviceMemory a = device.allocate(8);
        DeviceMemory b = device.allocate(8);
        DeviceMemory c = device.allocate(8);
        Frame frame = device.prepare(program).bind(NO_SIZES, Map.of("a", a, "b", b, "c", c))) {
      a.write(0, floats(1, 2));
      b.write(0, floats(3, 4));

      frame.run();

      assertThat(read(a)).containsExactly(3, 4);
      assertThat(read(b)).containsExactly(1, 2);
      assertThat(read(c)).containsExactly(1, 2);
    }
  }

  @Test
  void runChecked_stopsAtTheFirstStepThatIsNotFinite_beforeUpdates() {
    View source = new View(0, PAIR);
    View logarithm = new View(1, PAIR);
    View sum = new View(2, PAIR);
    Program program =
        program(
            List.of(new Program.Port("a", sum)),
            List.of(
                variable("a"),
                new Buffer(PAIR.sizeBytes(), new Storage.Arena(Dim.ZERO)),
                new Buffer(PAIR.sizeBytes(), new Storage.Arena(Dim.of(64)))),
            List.of(
                step(new OpKernel(new Add()), List.of(source, source), sum),
                step(new OpKernel(new Log()), List.of(source), logarithm),
                step(new OpKernel(new Exp()), List.of(logarithm), sum)),
            128);
    try (DeviceMemory a = device.allocate(8);
        Frame frame = device.prepare(program).bind(NO_SIZES, Map.of("a", a))) {
      a.write(0, floats(1, 0));

      assertThat(frame.runChecked()).contains(new NonFiniteStep(1, program.steps().get(1)));
      assertThat(read(a)).containsExactly(1, 0);

      a.write(0, floats(1, 2));
      assertThat(frame.runChecked()).isEmpty();
      assertThat(read(a)[0]).isEqualTo(1);
    }
  }

  @Test
  void kernelsOfConvolutions_areNoticedToChange_byWriteAndByOtherPrograms() {
    TensorType image = TensorType.of(DType.F32, 1, 2, 4, 4);
    TensorType kernel = TensorType.of(DType.F32, 3, 2, 1, 1);
    TensorType result = TensorType.of(DType.F32, 1, 3, 4, 4);
    View x = new View(0, image);
    View w = new View(1, kernel);
    View y = new View(2, result);
    List<Buffer> buffers =
        List.of(
            new Buffer(image.sizeBytes(), new Storage.OfVariable("x")),
            new Buffer(kernel.sizeBytes(), new Storage.OfVariable("w")),
            new Buffer(result.sizeBytes(), new Storage.OfVariable("y")));
    Program convolution =
        program(
            List.of(new Program.Port("y", y)),
            buffers,
            List.of(
                step(new OpKernel(new Convolution(ConvolutionWindow.plain(2))), List.of(x, w), y)),
            0);
    Program doubling =
        program(
            List.of(new Program.Port("w", w)),
            buffers,
            List.of(step(new OpKernel(new Add()), List.of(w, w), w)),
            0);
    try (DeviceMemory xs = device.allocate(4 * 32);
        DeviceMemory ws = device.allocate(4 * 6);
        DeviceMemory ys = device.allocate(4 * 48)) {
      Map<String, DeviceMemory> variables = Map.of("x", xs, "w", ws, "y", ys);
      try (Frame frame = device.prepare(convolution).bind(NO_SIZES, variables);
          Frame change = device.prepare(doubling).bind(NO_SIZES, variables)) {
        float[] ones = new float[32];
        Arrays.fill(ones, 1);
        xs.write(0, floats(ones));
        ws.write(0, floats(1, 2, 3, 4, 5, 6));
        frame.run();
        frame.run();
        assertThat(read(ys)).startsWith(3, 3).endsWith(11, 11);

        ws.write(0, floats(1, 1, 1, 1, 1, 7));
        frame.run();
        assertThat(read(ys)).startsWith(2, 2).endsWith(8, 8);

        change.run();
        frame.run();
        assertThat(read(ys)).startsWith(4, 4).endsWith(16, 16);
      }
    }
  }

  /**
   * A transposed matrix of 300 KB is packed once for both frames, and again after it has changed.
   */
  @Test
  void matricesThatAreOnlyRead_areNoticedToChange_byAllFrames() {
    int rows = 4;
    int columns = 160;
    int depth = 480;
    TensorType left = TensorType.of(DType.F32, rows, depth);
    TensorType right = TensorType.of(DType.F32, columns, depth);
    TensorType result = TensorType.of(DType.F32, rows, columns);
    View x = new View(0, left);
    View w = new View(1, right);
    View y = new View(2, result);
    List<Buffer> buffers =
        List.of(
            new Buffer(left.sizeBytes(), new Storage.OfVariable("x")),
            new Buffer(right.sizeBytes(), new Storage.OfVariable("w")),
            new Buffer(result.sizeBytes(), new Storage.OfVariable("y")));
    Dot dot = new Dot(List.of(), List.of(), List.of(1), List.of(1));
    Program product =
        program(
            List.of(new Program.Port("y", y)),
            buffers,
            List.of(step(new OpKernel(dot), List.of(x, w), y)),
            0);
    Program doubling =
        program(
            List.of(new Program.Port("w", w)),
            buffers,
            List.of(step(new OpKernel(new Add()), List.of(w, w), w)),
            0);
    try (DeviceMemory xs = device.allocate(4L * rows * depth);
        DeviceMemory ws = device.allocate(4L * columns * depth);
        DeviceMemory ys = device.allocate(4L * rows * columns)) {
      Map<String, DeviceMemory> variables = Map.of("x", xs, "w", ws, "y", ys);
      try (Frame one = device.prepare(product).bind(NO_SIZES, variables);
          Frame other = device.prepare(product).bind(NO_SIZES, variables);
          Frame change = device.prepare(doubling).bind(NO_SIZES, variables)) {
        float[] ones = new float[rows * depth];
        Arrays.fill(ones, 1);
        xs.write(0, floats(ones));
        float[] matrix = new float[columns * depth];
        Arrays.fill(matrix, 0.5f);
        ws.write(0, floats(matrix));
        for (Frame frame : List.of(one, other, one)) {
          frame.run();
          assertThat(read(ys)).containsOnly(240);
        }
        matrix[depth] = 1.5f;
        ws.write(0, floats(matrix));
        for (Frame frame : List.of(other, one)) {
          frame.run();
          assertThat(read(ys)).startsWith(240, 241, 240).endsWith(240);
        }
        change.run();
        for (Frame frame : List.of(one, other)) {
          frame.run();
          assertThat(read(ys)).startsWith(480, 482, 480).endsWith(480);
        }
      }
    }
  }

  private static Step step(OpKernel kernel, List<View> reads, View write) {
    return new Step(kernel, reads, List.of(write), Location.UNKNOWN);
  }

  @Test
  void run_allocatesNothingInTheSteadyState() {
    TensorType matrix = TensorType.of(DType.F32, 300, 400);
    TensorType sums = TensorType.of(DType.F32, 300);
    Program exp = SingleOp.program(new OpKernel(new Exp()), List.of(matrix), List.of(matrix));
    Program sum =
        SingleOp.program(
            new OpKernel(new Reduce(Reduce.Kind.SUM, List.of(1))), List.of(matrix), List.of(sums));
    try (Frame first = device.prepare(exp).bind(NO_SIZES, Map.of());
        Frame second = device.prepare(sum).bind(NO_SIZES, Map.of())) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 50 && least > 0; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
          first.run();
          second.run();
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes of 20 runs").isZero();
    }
  }

  @Test
  void bind_bindsTheSizesOfSymbols_andCountsItsBytes() {
    TensorType batch = TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(3));
    Program program = SingleOp.program(new OpKernel(new Exp()), List.of(batch), List.of(batch));
    for (long size : new long[] {0, 1, 5, 128}) {
      try (Frame frame = device.prepare(program).bind(Sizes.of(Map.of("B", size)), Map.of())) {
        HostTensor x = HostTensor.ofDoubles(TensorType.of(DType.F32, size, 3), i -> i * 0.01);
        MemorySegment source = arena.allocate(Math.max(1, 12 * size), 64).asSlice(0, 12 * size);
        x.toMemory(source);
        frame.writeInput(0, source);
        frame.run();
        MemorySegment target = arena.allocate(Math.max(1, 12 * size), 64).asSlice(0, 12 * size);
        frame.readOutput(0, target);

        assertThat(frame.sizeBytes()).isGreaterThanOrEqualTo(24 * size);
        for (int i = 0; i < 3 * size; i++) {
          assertThat(target.getAtIndex(ValueLayout.JAVA_FLOAT, i))
              .isCloseTo(
                  (float) Math.exp(i * 0.01),
                  org.assertj.core.data.Percentage.withPercentage(1e-4));
        }
      }
    }
  }

  @Test
  void allocate_moreThanThereIs_isADiagnostic() {
    assertThatThrownBy(() -> device.allocate(1L << 60))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("native memory");
  }

  @Test
  void memory_isZeroAlignedAndCopied() {
    try (DeviceMemory memory = device.allocate(16)) {
      assertThat(read(memory)).containsOnly(0);
      memory.write(8, floats(5, 6));
      assertThat(read(memory)).containsExactly(0, 0, 5, 6);
    }
    MemorySegment content = floats(7, 8);
    assertThat(read(device.adopt(content))).containsExactly(7, 8);
  }

  @Test
  void description_namesVectorsAndThreads() {
    assertThat(device.description()).contains("vectors").contains("2 threads");
    assertThat(new CpuDeviceProvider().probe().isPresent()).isTrue();
  }
}
