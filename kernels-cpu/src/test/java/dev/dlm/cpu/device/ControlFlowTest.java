package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.nn.Dot;
import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.proto.PlanCodec;
import dev.dlm.reference.Interpreter;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.device.StepObserver;
import dev.dlm.testing.ControlGraphs;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.text.Verifier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops and choices as the compiler plans them, against the interpreter. */
class ControlFlowTest {
  private static Device device;

  @BeforeAll
  static void open() {
    device = new CpuDeviceProvider().open(new DeviceOptions(2));
  }

  @AfterAll
  static void close() {
    device.close();
  }

  static Stream<OpCase> cases() {
    return OpCases.evaluable().stream().filter(one -> OpCases.isControl(one.op()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void step_agreesWithTheReference(OpCase one) {
    GraphBuilder graph = new GraphBuilder("one");
    SignatureBuilder signature = graph.signature("f");
    List<HostTensor> arguments = one.arguments(5);
    List<Value> operands = new ArrayList<>();
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (HostTensor argument : arguments) {
      inputs.put("x" + inputs.size(), argument);
      operands.add(signature.input("x" + operands.size(), argument.type()));
    }
    int next = 0;
    for (Value result : signature.body().apply(one.op(), operands)) {
      signature.output("y" + next++, result);
    }
    assertRuns(graph.build(), "f", inputs, Map.of(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void recurrentNetwork_andItsGradients_agreeWithTheInterpreter(Activations activations) {
    assertAgrees(ControlGraphs.recurrent(DType.F32, 3, 20, activations));
    assertAgrees(ControlGraphs.recurrentOfOneProduct(DType.F32, 3, 20, activations));
  }

  private static void assertAgrees(Graph graph) {
    for (String signature : List.of(Graph.PREDICT, Graph.TRAIN)) {
      for (long batch : new long[] {1, 20}) {
        for (long time : new long[] {0, 1, 7}) {
          Map<String, Long> sizes = Map.of("B", batch, "T", time);
          assertRuns(graph, signature, inputs(graph, signature, sizes), sizes, 2e-5);
        }
      }
    }
  }

  /** Enough rows that the matrices are packed; the inner loop sees another {@code u} each time. */
  @Test
  void loopInALoop_seesMatricesThatChangeBetweenItsRuns() {
    TensorType rows = TensorType.of(DType.F32, 20, 8);
    TensorType matrix = TensorType.of(DType.F32, 8, 8);
    BodyBuilder b = new BodyBuilder();
    Value h = b.parameter(rows);
    Value byColumns = b.matMul(h, b.parameter(matrix));
    Dot transposed = new Dot(List.of(), List.of(), List.of(1), List.of(1));
    Value byRows = b.one(transposed, h, b.parameter(matrix));
    Scan inner =
        new Scan(
            b.build(List.of(b.tanh(b.add(byColumns, byRows)))),
            1,
            0,
            Dim.of(3),
            false,
            Activations.SAVED);
    BodyBuilder c = new BodyBuilder();
    Value last = c.one(inner, c.parameter(rows), c.parameter(matrix), c.parameter(matrix));
    Scan outer = new Scan(c.build(List.of(last, last)), 1, 1, Dim.of(4), false, Activations.SAVED);
    GraphBuilder graph = new GraphBuilder("loops");
    SignatureBuilder f = graph.signature("f");
    Value us = f.input("u", TensorType.of(DType.F32, 4, 8, 8));
    List<Value> results =
        f.body().apply(outer, List.of(f.input("h", rows), us, f.input("v", matrix)));
    f.output("y", results.get(1));
    Graph built = graph.build();
    assertRuns(built, "f", inputs(built, "f", Map.of()), Map.of(), 2e-5);
  }

  private static Map<String, HostTensor> inputs(Graph graph, String name, Map<String, Long> sizes) {
    Signature signature = graph.signature(name);
    Map<String, Dim> bound = new HashMap<>();
    sizes.forEach((symbol, size) -> bound.put(symbol, Dim.of(size)));
    Random random = new Random(3);
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < signature.inputs().size(); i++) {
      TensorType type = signature.input(i).type();
      inputs.put(
          signature.inputs().get(i),
          HostTensor.ofDoubles(
              type.withShape(type.shape().substitute(bound)), e -> random.nextDouble() - 0.5));
    }
    return inputs;
  }

  /** Runs twice, so that what the first run leaves behind is seen. */
  private static void assertRuns(
      Graph graph,
      String signature,
      Map<String, HostTensor> inputs,
      Map<String, Long> sizes,
      double tolerance) {
    Plan plan =
        Compiler.compile(
            graph,
            Passes.standard().checkedBy(changed -> Verifier.verify(changed, "after a pass")));
    assertThat(PlanCodec.decode(PlanCodec.encode(plan))).isEqualTo(plan);
    Program program = plan.program(signature);
    Interpreter.Result wanted =
        Interpreter.run(new ExpandGradients().apply(graph).signature(signature), inputs, Map.of());
    try (Frame frame = device.prepare(program).bind(Sizes.of(sizes), Map.of());
        Arena arena = Arena.ofConfined()) {
      for (int run = 0; run < 2; run++) {
        write(frame, program, inputs, arena);
        frame.run();
        for (int i = 0; i < program.outputs().size(); i++) {
          HostTensor expected = wanted.outputs().get(program.outputs().get(i).name());
          MemorySegment target =
              arena.allocate(Math.max(1, expected.type().sizeBytes().asLong()), 64);
          frame.readOutput(i, target);
          HostTensor actual = HostTensor.fromMemory(expected.type(), target);
          for (int e = 0; e < expected.count(); e++) {
            if (Double.isNaN(expected.doubleAt(e))) {
              assertThat(actual.doubleAt(e)).isNaN();
            } else {
              assertThat(actual.doubleAt(e))
                  .as("run %s, %s[%s]", run, program.outputs().get(i).name(), e)
                  .isCloseTo(
                      expected.doubleAt(e),
                      within(tolerance * (1 + Math.abs(expected.doubleAt(e)))));
            }
          }
        }
      }
    }
  }

  private static void write(
      Frame frame, Program program, Map<String, HostTensor> inputs, Arena arena) {
    for (int i = 0; i < program.inputs().size(); i++) {
      HostTensor input = inputs.get(program.inputs().get(i).name());
      MemorySegment source = arena.allocate(Math.max(1, input.type().sizeBytes().asLong()), 64);
      input.toMemory(source);
      frame.writeInput(i, source);
    }
  }

  /** Kernels of products allocate before they are compiled, so that these loops have none. */
  private static Graph averages() {
    TensorType vector = TensorType.of(DType.F32, 8);
    TensorType stacked = TensorType.of(DType.F32, 6, 8);
    BodyBuilder b = new BodyBuilder();
    Value mean = b.parameter(vector);
    Value x = b.parameter(vector);
    Value next = b.mul(b.add(mean, x), 0.5);
    Body body = b.build(List.of(next, b.sum(next)));
    BodyBuilder c = new BodyBuilder();
    Body less = c.build(List.of(c.less(c.sum(c.parameter(vector)), c.scalar(DType.F32, 100))));
    BodyBuilder d = new BodyBuilder();
    Body grow = d.build(List.of(d.add(d.mul(d.parameter(vector), 2), 1)));
    GraphBuilder graph = new GraphBuilder("averages");
    SignatureBuilder f = graph.signature("f");
    Scan scan = new Scan(body, 1, 1, Dim.of(6), true, Activations.SAVED);
    List<Value> results =
        f.body().apply(scan, List.of(f.input("mean", vector), f.input("x", stacked)));
    f.output("sums", results.get(1));
    f.output("grown", f.body().one(new While(less, grow, 1, 0), results.get(0)));
    return graph.build();
  }

  @Test
  void run_allocatesNothingInTheSteadyState() {
    Program program = Compiler.compile(averages()).program("f");
    try (Frame frame = device.prepare(program).bind(Sizes.of(Map.of()), Map.of());
        Arena arena = Arena.ofConfined()) {
      write(frame, program, inputs(averages(), "f", Map.of()), arena);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 200 && least > 0; attempt++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          frame.run();
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes of 50 runs").isZero();
    }
  }

  /** Writes down which steps began and ended. */
  private static final class Journal implements StepObserver {
    private final List<String> entries = new ArrayList<>();

    @Override
    public void began(int step) {
      entries.add("+" + step);
    }

    @Override
    public void ended(int step) {
      entries.add("-" + step);
    }
  }

  @Test
  void runObserved_tellsOfStepsInsideOfStepsAsOftenAsTheyRun() {
    Program program = Compiler.compile(averages()).program("f");
    List<NumberedStep> steps = NumberedStep.of(program);
    try (Frame frame = device.prepare(program).bind(Sizes.of(Map.of()), Map.of());
        Arena arena = Arena.ofConfined()) {
      write(frame, program, inputs(averages(), "f", Map.of()), arena);
      Journal journal = new Journal();
      frame.runObserved(journal);
      Deque<Integer> open = new ArrayDeque<>();
      Map<Integer, Integer> calls = new HashMap<>();
      for (String entry : journal.entries) {
        int step = Integer.parseInt(entry.substring(1));
        if (entry.startsWith("+")) {
          assertThat(open.isEmpty() ? NumberedStep.NONE : open.peek())
              .isEqualTo(steps.get(step).parent());
          open.push(step);
          calls.merge(step, 1, Integer::sum);
        } else {
          assertThat(open.pop()).isEqualTo(step);
        }
      }
      assertThat(open).isEmpty();
      for (NumberedStep step : steps) {
        if (step.parent() == NumberedStep.NONE) {
          assertThat(calls).containsEntry(step.number(), 1);
        } else if (steps.get(step.parent()).step().kernel() instanceof ScanKernel scan) {
          assertThat(calls.get(step.number()))
              .isEqualTo((int) scan.length().asLong() * calls.get(step.parent()));
        }
      }
      assertThat(steps).anyMatch(step -> step.depth() > 0);
    }
  }

  @Test
  void runChecked_namesTheStepInsideOfTheLoop() {
    TensorType vector = TensorType.of(DType.F32, 4);
    BodyBuilder b = new BodyBuilder();
    Value h = b.parameter(vector);
    Value sum = b.at(Location.Source.at("loop.dlm", 7, 3)).sum(b.log(h));
    b.at(Location.Source.at("loop.dlm", 8, 3));
    Body body = b.build(List.of(b.add(h, -1), sum));
    GraphBuilder graph = new GraphBuilder("logarithms");
    SignatureBuilder f = graph.signature("f");
    Scan scan = new Scan(body, 1, 0, Dim.of(5), false, Activations.SAVED);
    f.output("y", f.body().apply(scan, List.of(f.input("x", vector))).get(1));
    Program program = Compiler.compile(graph.build()).program("f");
    try (Frame frame = device.prepare(program).bind(Sizes.of(Map.of()), Map.of());
        Arena arena = Arena.ofConfined()) {
      write(frame, program, Map.of("x", HostTensor.filled(vector, 0.5)), arena);
      NonFiniteStep found = frame.runChecked().orElseThrow();
      assertThat(program.steps().get(found.index()).kernel()).isInstanceOf(ScanKernel.class);
      assertThat(found.step().location().toString()).contains("loop.dlm:7:3");
      write(frame, program, Map.of("x", HostTensor.filled(vector, 9)), arena);
      assertThat(frame.runChecked()).isEmpty();
    }
  }

  @Test
  void arena_countsTheArenasOfBodies() {
    Graph graph = ControlGraphs.recurrent(DType.F32, 4, 16, Activations.SAVED);
    Program program = Compiler.compile(graph).program(Graph.PREDICT);
    Step step =
        program.steps().stream()
            .filter(one -> one.kernel() instanceof ScanKernel)
            .findFirst()
            .orElseThrow();
    ScanKernel scan = (ScanKernel) step.kernel();
    assertThat(scan.body().arenaBytes().symbols()).containsExactly("B");
    assertThat(program.arenaBytes().isProvablyAtLeast(scan.body().arenaBytes())).isTrue();
    assertThat(step.writes().getLast().type().sizeBytes()).isEqualTo(scan.body().arenaBytes());
    assertThat(step.reads().get(0).buffer())
        .as("the carry starts in the memory of the input")
        .isEqualTo(step.writes().get(0).buffer());
  }
}
