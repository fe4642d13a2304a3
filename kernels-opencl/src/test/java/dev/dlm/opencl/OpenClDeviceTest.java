package dev.dlm.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.ScalarFunction;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.DeviceProvider;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OpenClDeviceTest {
  private static final TensorType FOUR = TensorType.of(DType.F32, 4);

  @Test
  void provider_isFoundAsAService() {
    assertThat(ServiceLoader.load(DeviceProvider.class).stream().map(one -> one.get().name()))
        .contains("opencl");
  }

  @Test
  void probe_withoutDrivers_givesAReason() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Probe.class.getName());
    builder.environment().put("OCL_ICD_VENDORS", "/nowhere");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(output).startsWith("no OpenCL ").doesNotContain("\n");
  }

  @Test
  void memory_startsAsZerosAndKeepsWhatIsWritten() {
    try (OpenClDevice device = OpenClTesting.open(true);
        Arena arena = Arena.ofConfined()) {
      DeviceMemory memory = device.allocate(16);
      memory.write(4, MemorySegment.ofArray(new int[] {7, 8}));
      MemorySegment all = arena.allocate(16, 4);
      memory.read(0, all);
      assertThat(all.toArray(ValueLayout.JAVA_INT)).containsExactly(0, 7, 8, 0);
      int[] heap = new int[2];
      memory.read(8, MemorySegment.ofArray(heap));
      assertThat(heap).containsExactly(8, 0);
      assertThatThrownBy(() -> memory.read(12, all)).isInstanceOf(InternalException.class);
      memory.close();
      memory.close();
    }
  }

  @Test
  void allocate_ofMoreThanThereIs_saysSo() {
    try (OpenClDevice device = OpenClTesting.open(true)) {
      assertThatThrownBy(() -> device.allocate(1L << 60))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("out-of-memory");
    }
  }

  @Test
  void compile_ofWrongText_givesItAsReproducer() {
    try (OpenClDevice device = OpenClTesting.open(true)) {
      String text = "__kernel void broken( {";
      assertThatThrownBy(() -> device.programs().kernel(text, "broken"))
          .isInstanceOfSatisfying(
              InternalException.class, failure -> assertThat(failure.reproducer()).contains(text));
    }
  }

  /** An op that no device knows: the elements of a vector, the last one first. */
  record Backwards() implements Op {
    @Override
    public List<TensorType> infer(InferContext context) {
      return List.of(context.in(0));
    }

    @Override
    public Dim operations(List<TensorType> operands, List<TensorType> results) {
      return Dim.ZERO;
    }

    @Override
    public void differentiate(GradientContext context) {
      context.notDifferentiable(0, "it is for tests");
    }

    @Override
    public List<HostTensor> evaluate(EvalContext context) {
      HostTensor x = context.in(0);
      return List.of(HostTensor.ofDoubles(context.result(0), i -> x.doubleAt(x.count() - 1 - i)));
    }
  }

  @Test
  void opWithoutCode_runsOnTheHost() {
    try (OpenClDevice device = OpenClTesting.open(true)) {
      for (int count : new int[] {0, 1, 5}) {
        HostTensor x = HostTensor.ofDoubles(TensorType.of(DType.BF16, count), i -> i + 1);
        HostTensor y =
            OpenClTesting.run(device, new OpKernel(new Backwards()), List.of(x), List.of(x.type()))
                .get(0);
        assertThat(y).isEqualTo(HostTensor.ofDoubles(x.type(), i -> count - i));
      }
    }
  }

  /** {@code y = x · factor} over four elements. */
  private static LoopKernel scaled(double factor) {
    Access read = new Access(0, Dim.ZERO, List.of(Dim.ONE), List.of());
    Access write = new Access(1, Dim.ZERO, List.of(Dim.ONE), List.of());
    List<Instruction> instructions =
        List.of(
            new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0)),
            new Instruction.Literal(HostTensor.scalar(DType.F32, factor)),
            new Instruction.Apply(ScalarFunction.MULTIPLY, DType.F32, List.of(0, 1)));
    return new LoopKernel(
        List.of(),
        List.of(Dim.of(4)),
        List.of(read, write),
        List.of(new Block(instructions, List.of(), List.of(new Block.Store(1, 2)))),
        Block.EMPTY);
  }

  private static HostTensor read(DeviceMemory memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(16, 4);
      memory.read(0, bytes);
      return HostTensor.fromMemory(FOUR, bytes);
    }
  }

  private static DeviceMemory filled(OpenClDevice device, double value) {
    try (Arena arena = Arena.ofConfined()) {
      return device.adopt(OpenClTesting.memory(arena, HostTensor.filled(FOUR, value)));
    }
  }

  /**
   * {@code a} becomes what {@code b} was and the other way round; {@code c}, a constant times two,
   * is made in place; {@code d} becomes the constant times three by way of the arena.
   */
  private static Program swap() {
    View a = new View(0, FOUR);
    View b = new View(1, FOUR);
    View c = new View(2, FOUR);
    View constant = new View(3, FOUR);
    View inArena = new View(4, FOUR);
    List<Buffer> buffers =
        List.of(
            new Buffer(Dim.of(16), new Storage.OfVariable("a")),
            new Buffer(Dim.of(16), new Storage.OfVariable("b")),
            new Buffer(Dim.of(16), new Storage.OfVariable("c")),
            new Buffer(Dim.of(16), new Storage.Constant(0)),
            new Buffer(Dim.of(16), new Storage.Arena(Dim.of(64))));
    return new Program(
        "swap",
        List.of(),
        List.of(new Program.Port("y", inArena)),
        List.of(
            new Program.Port("a", b),
            new Program.Port("b", a),
            new Program.Port("c", c),
            new Program.Port("d", inArena)),
        List.of(),
        List.of(HostTensor.of(new float[] {1, 2, 3, Float.MAX_VALUE}, 4)),
        buffers,
        List.of(
            new Step(scaled(0.5), List.of(constant), List.of(c), Location.UNKNOWN),
            new Step(scaled(3), List.of(constant), List.of(inArena), Location.UNKNOWN)),
        Dim.of(128));
  }

  @Test
  void run_commitsUpdatesTogether() {
    try (OpenClDevice device = OpenClTesting.open(true)) {
      Map<String, DeviceMemory> variables =
          Map.of(
              "a", filled(device, 1),
              "b", filled(device, 2),
              "c", filled(device, 3),
              "d", filled(device, 4));
      try (Frame frame = device.prepare(swap()).bind(Sizes.of(Map.of()), variables)) {
        frame.run();
        assertThat(read(variables.get("a"))).isEqualTo(HostTensor.filled(FOUR, 2));
        assertThat(read(variables.get("b"))).isEqualTo(HostTensor.filled(FOUR, 1));
        assertThat(read(variables.get("c")))
            .isEqualTo(HostTensor.of(new float[] {0.5f, 1, 1.5f, Float.MAX_VALUE / 2}, 4));
        HostTensor tripled = HostTensor.of(new float[] {3, 6, 9, Float.POSITIVE_INFINITY}, 4);
        assertThat(read(variables.get("d"))).isEqualTo(tripled);
        assertThat(OpenClTesting.output(frame, 0, FOUR)).isEqualTo(tripled);
        assertThat(frame.sizeBytes()).isEqualTo(128 + 2 * 16);
        frame.run();
        assertThat(read(variables.get("a"))).isEqualTo(HostTensor.filled(FOUR, 1));
      }
    }
  }

  @Test
  void runChecked_stopsAtTheFirstStepThatWritesWhatIsNotFinite() {
    try (OpenClDevice device = OpenClTesting.open(true)) {
      Map<String, DeviceMemory> variables =
          Map.of(
              "a", filled(device, 1),
              "b", filled(device, 2),
              "c", filled(device, 3),
              "d", filled(device, 4));
      try (Frame frame = device.prepare(swap()).bind(Sizes.of(Map.of()), variables)) {
        assertThat(frame.runChecked()).map(NonFiniteStep::index).contains(1);
        assertThat(read(variables.get("a"))).isEqualTo(HostTensor.filled(FOUR, 1));
        assertThat(read(variables.get("d"))).isEqualTo(HostTensor.filled(FOUR, 4));
      }
    }
  }

  @Test
  void close_freesFramesAndMemoriesThatAreStillOpen() {
    OpenClDevice device = OpenClTesting.open(true);
    DeviceMemory memory = device.allocate(64);
    Map<String, DeviceMemory> variables =
        Map.of("a", memory, "b", memory, "c", memory, "d", memory);
    Frame frame = device.prepare(swap()).bind(Sizes.of(Map.of()), variables);
    frame.run();
    device.close();
    device.close();
    frame.close();
    assertThat(device.countOpen()).isZero();
  }
}
