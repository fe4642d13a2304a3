package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.math.Neg;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallerMemoryTest {
  private static final int COUNT = (int) CallerMemory.LEAST_BYTES / 4;
  private static final TensorType TENSOR = TensorType.of(DType.F32, COUNT);

  /** Runs over the same memory after which it is used directly. */
  private static final int SIGHTINGS = 3;

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

  private MemorySegment filled(float value) {
    MemorySegment memory = arena.allocate(TENSOR.sizeBytes().asLong(), 64);
    fill(memory, value);
    return memory;
  }

  private static void fill(MemorySegment memory, float value) {
    for (int i = 0; i < COUNT; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  private static float[] floats(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** {@code -a} by a loop. */
  private static LoopKernel negation() {
    List<Dim> strides = List.of(Dim.of(1));
    return new LoopKernel(
        List.of(),
        List.of(Dim.of(COUNT)),
        List.of(
            new Access(0, Dim.ZERO, strides, List.of()),
            new Access(1, Dim.ZERO, strides, List.of())),
        List.of(
            new Block(
                List.of(
                    new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0)),
                    new Instruction.Apply(ScalarFunction.NEGATE, DType.F32, List.of(0))),
                List.of(),
                List.of(new Block.Store(1, 1)))),
        Block.EMPTY);
  }

  private static Step step(Kernel kernel, int from, int to) {
    return new Step(
        kernel, List.of(new View(from, TENSOR)), List.of(new View(to, TENSOR)), Location.UNKNOWN);
  }

  private static Program program(int input, int output, Step... steps) {
    return program(List.of(port("x", input)), List.of(port("y", output)), steps);
  }

  private static Program.Port port(String name, int buffer) {
    return new Program.Port(name, new View(buffer, TENSOR));
  }

  private static Program program(
      List<Program.Port> inputs, List<Program.Port> outputs, Step... steps) {
    long bytes = TENSOR.sizeBytes().asLong();
    return new Program(
        "negate",
        inputs,
        outputs,
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new Buffer(TENSOR.sizeBytes(), new Storage.Arena(Dim.ZERO)),
            new Buffer(TENSOR.sizeBytes(), new Storage.Arena(Dim.of(bytes)))),
        List.of(steps),
        Dim.of(2 * bytes));
  }

  private Frame bind(Program program) {
    return device.prepare(program).bind(Sizes.of(Map.of()), Map.of());
  }

  private static void run(Frame frame, MemorySegment x, MemorySegment y) {
    runOnly(frame, x, y);
    frame.readOutput(0, y);
  }

  private static void runOnly(Frame frame, @Nullable MemorySegment x, @Nullable MemorySegment y) {
    frame.begin(new @Nullable MemorySegment[] {x}, new @Nullable MemorySegment[] {y});
    frame.run();
  }

  /** Whether a run writes its output where the caller wants it, before that is read. */
  private static boolean isDirect(Frame frame, MemorySegment x, MemorySegment y) {
    fill(y, 77);
    runOnly(frame, x, y);
    boolean isWritten = y.getAtIndex(ValueLayout.JAVA_FLOAT, 0) != 77;
    frame.readOutput(0, y);
    return isWritten;
  }

  @Test
  void memoryThatStaysTheSame_isUsedWhereItIs() {
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment x = filled(2);
      MemorySegment y = filled(0);
      for (int i = 0; i < SIGHTINGS - 1; i++) {
        assertThat(isDirect(frame, x, y)).isFalse();
        assertThat(floats(y)).containsOnly(-2);
      }
      run(frame, x, y);
      fill(x, 5);
      assertThat(isDirect(frame, x, y)).isTrue();
      assertThat(floats(y)).containsOnly(-5);
    }
  }

  @Test
  void operandsOfProducts_areUsedWhereTheyAre() {
    int side = 128;
    assertThat(side * side).isEqualTo(COUNT);
    TensorType matrix = TensorType.of(DType.F32, side, side);
    View x = new View(0, matrix);
    Step square =
        new Step(
            new OpKernel(Dot.ofMatrices()),
            List.of(x, x),
            List.of(new View(1, matrix)),
            Location.UNKNOWN);
    try (Frame frame = bind(program(0, 1, square))) {
      MemorySegment in = filled(2);
      MemorySegment out = filled(0);
      for (int i = 0; i < SIGHTINGS - 1; i++) {
        assertThat(isDirect(frame, in, out)).isFalse();
        assertThat(floats(out)).containsOnly(4 * side);
      }
      run(frame, in, out);
      fill(in, 3);
      assertThat(isDirect(frame, in, out)).isTrue();
      assertThat(floats(out)).containsOnly(9 * side);
    }
  }

  /** Large squares are packed into scratch memory, which is another one each time. */
  @Test
  void productsThatPack_areRightAfterTheMemoryHasChanged() {
    int side = 640;
    TensorType matrix = TensorType.of(DType.F32, side, side);
    View x = new View(0, matrix);
    View y = new View(1, matrix);
    Dot transposed = new Dot(List.of(), List.of(), List.of(1), List.of(1));
    Step square = new Step(new OpKernel(transposed), List.of(x, x), List.of(y), Location.UNKNOWN);
    long bytes = matrix.sizeBytes().asLong();
    Program program =
        new Program(
            "square",
            List.of(new Program.Port("x", x)),
            List.of(new Program.Port("y", y)),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new Buffer(matrix.sizeBytes(), new Storage.Arena(Dim.ZERO)),
                new Buffer(matrix.sizeBytes(), new Storage.Arena(Dim.of(bytes)))),
            List.of(square),
            Dim.of(2 * bytes));
    try (Frame frame = bind(program)) {
      for (float value = 1; value <= 3; value++) {
        MemorySegment in = arena.allocate(bytes, 64);
        MemorySegment out = arena.allocate(bytes, 64);
        for (int i = 0; i < side * side; i++) {
          in.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        for (int i = 0; i < 12; i++) {
          run(frame, in, out);
          assertThat(floats(out)).containsOnly(value * value * side);
        }
      }
    }
  }

  @Test
  void stepsInPlace_areSeparatedFromTheCallersMemory() {
    Program program = program(0, 0, step(negation(), 0, 0), step(negation(), 0, 0));
    try (Frame frame = bind(program)) {
      MemorySegment x = filled(2);
      MemorySegment y = filled(0);
      for (int i = 0; i < 2 * SIGHTINGS; i++) {
        run(frame, x, y);
        assertThat(floats(x)).containsOnly(2);
        assertThat(floats(y)).containsOnly(2);
      }
      assertThat(isDirect(frame, x, y)).isTrue();
    }
  }

  @Test
  void otherMemory_isCopiedAndSeen() {
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment x = filled(2);
      MemorySegment y = filled(0);
      for (int i = 0; i < 2 * SIGHTINGS; i++) {
        run(frame, x, y);
      }
      MemorySegment other = filled(3);
      assertThat(isDirect(frame, other, y)).isFalse();
      assertThat(floats(y)).containsOnly(-3);
      float[] onHeap = new float[COUNT];
      onHeap[1] = 4;
      run(frame, MemorySegment.ofArray(onHeap), y);
      assertThat(y.getAtIndex(ValueLayout.JAVA_FLOAT, 1)).isEqualTo(-4);
      run(frame, x, y);
      assertThat(floats(y)).containsOnly(-2);
    }
  }

  @Test
  void checkedRunsAndRunsOfWrittenInputs_leaveTheCallersMemoryAlone() {
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment x = filled(2);
      MemorySegment y = filled(0);
      for (int i = 0; i < 2 * SIGHTINGS; i++) {
        run(frame, x, y);
      }
      fill(y, 77);
      frame.writeInput(0, filled(6));
      frame.run();
      assertThat(floats(y)).containsOnly(77);
      frame.writeInput(0, filled(7));
      assertThat(frame.runChecked()).isEmpty();
      assertThat(floats(y)).containsOnly(77);
      frame.readOutput(0, y);
      assertThat(floats(y)).containsOnly(-7);
    }
  }

  @Test
  void overlappingMemory_isCopied() {
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment both = arena.allocate(TENSOR.sizeBytes().asLong() + 64, 64);
      MemorySegment x = both.asSlice(0, TENSOR.sizeBytes().asLong());
      MemorySegment y = both.asSlice(64, TENSOR.sizeBytes().asLong());
      for (int i = 0; i < 3 * SIGHTINGS; i++) {
        fill(x, 2);
        run(frame, x, y);
        assertThat(floats(y)).containsOnly(-2);
      }
    }
  }

  @Test
  void memoryThatWasFreed_isRefused() {
    Arena passing = Arena.ofShared();
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment x = passing.allocate(TENSOR.sizeBytes().asLong(), 64);
      MemorySegment y = filled(0);
      for (int i = 0; i < 2 * SIGHTINGS; i++) {
        run(frame, x, y);
      }
      passing.close();
      assertThatThrownBy(() -> run(frame, x, y)).isInstanceOf(IllegalStateException.class);
      run(frame, filled(2), y);
      assertThat(floats(y)).containsOnly(-2);
    }
  }

  @Test
  void readOnlyMemory_isAnInputButNoOutput() {
    try (Frame frame = bind(program(0, 1, step(negation(), 0, 1)))) {
      MemorySegment x = filled(2).asReadOnly();
      MemorySegment y = filled(0);
      for (int i = 0; i < SIGHTINGS; i++) {
        run(frame, x, y);
      }
      assertThat(isDirect(frame, x, y)).isTrue();
      for (int i = 0; i < 3 * SIGHTINGS; i++) {
        assertThatThrownBy(() -> run(frame, x, y.asReadOnly()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void inputsThatAreOutputs_orOfOtherKernels_areCopied() {
    Step loop = step(negation(), 0, 1);
    Step op = step(new OpKernel(new Neg()), 0, 1);
    PortUses.Use read = new PortUses.Use(0, 0);
    PortUses.Use write = new PortUses.Use(0, 1);

    assertThat(PortUses.of(program(0, 1, loop)))
        .isEqualTo(new PortUses(List.of(List.of(read)), List.of(List.of(write))));
    assertThat(PortUses.of(program(0, 1, op)))
        .isEqualTo(new PortUses(List.of(List.of()), List.of(List.of())));
    assertThat(PortUses.of(program(0, 0, loop)))
        .isEqualTo(new PortUses(List.of(List.of()), List.of(List.of())));
    assertThat(
            PortUses.of(program(List.of(port("x", 0)), List.of(port("y", 1), port("z", 1)), loop)))
        .isEqualTo(new PortUses(List.of(List.of(read)), List.of(List.of(), List.of())));
    assertThat(PortUses.of(program(0, 0, step(negation(), 0, 0), step(negation(), 0, 0))))
        .isEqualTo(new PortUses(List.of(List.of(read)), List.of(List.of(new PortUses.Use(1, 1)))));
  }
}
