package dev.dlm.plan.reference;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import dev.dlm.plan.BodyVariables;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import dev.dlm.reference.Interpreter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a program step by step in one arena with the offsets that were planned, as plainly as its
 * description: what devices are compared with, and what shows that fusion and memory planning keep
 * the meaning of a graph. Slow. Used by one thread.
 */
public final class PlanInterpreter {
  private final Program program;
  private final Map<String, Dim> sizes;
  private final MemorySegment arena;
  private final Map<String, MemorySegment> variables = new HashMap<>();
  private final List<MemorySegment> constants;

  private PlanInterpreter(
      Program program, Map<String, HostTensor> inputs, Map<String, HostTensor> variables) {
    this.program = program;
    List<Value> parameters =
        program.inputs().stream().map(port -> new Value(0, port.view().type())).toList();
    this.sizes =
        Interpreter.bind(
            parameters,
            program.inputs().stream()
                .map(port -> Interpreter.required(inputs, port.name()))
                .toList());
    this.arena = memory(valueOf(program.arenaBytes()));
    variables.forEach((name, tensor) -> this.variables.put(name, copyOf(tensor)));
    this.constants = program.constants().stream().map(PlanInterpreter::copyOf).toList();
  }

  /** A program inside of a step. */
  private PlanInterpreter(
      Program program,
      Map<String, Dim> sizes,
      MemorySegment arena,
      Map<String, MemorySegment> variables) {
    this.program = program;
    this.sizes = sizes;
    this.arena = arena;
    this.variables.putAll(variables);
    this.constants = program.constants().stream().map(PlanInterpreter::copyOf).toList();
  }

  /**
   * Runs a program.
   *
   * @param inputs one tensor for each input
   * @param variables one tensor for each variable that the program reads or writes
   */
  public static Interpreter.Result run(
      Program program, Map<String, HostTensor> inputs, Map<String, HostTensor> variables) {
    return new PlanInterpreter(program, inputs, variables).run(inputs);
  }

  private Interpreter.Result run(Map<String, HostTensor> inputs) {
    program
        .inputs()
        .forEach(port -> Interpreter.required(inputs, port.name()).toMemory(memoryOf(port.view())));
    program.steps().forEach(this::execute);
    Map<String, HostTensor> outputs = new LinkedHashMap<>();
    Map<String, HostTensor> updates = new LinkedHashMap<>();
    program.outputs().forEach(port -> outputs.put(port.name(), read(port.view())));
    program.updates().forEach(port -> updates.put(port.name(), read(port.view())));
    return new Interpreter.Result(outputs, updates);
  }

  private void execute(Step step) {
    switch (step.kernel()) {
      case LoopKernel loop -> execute(loop, step);
      case OpKernel kernel -> {
        execute(kernel.op(), step, kernel.epilogue().isEmpty() ? step.reads().size() : 2);
        kernel.epilogue().ifPresent(epilogue -> execute(epilogue, step));
      }
      case CompositeKernel kernel -> execute(kernel.op(), step, step.reads().size());
      case ScanKernel scan -> execute(scan, step);
      case WhileKernel loop -> execute(loop, step);
      case CondKernel cond -> execute(cond, step);
    }
  }

  private void execute(Op op, Step step, int countOperands) {
    List<HostTensor> operands =
        step.reads().subList(0, countOperands).stream().map(this::read).toList();
    List<TensorType> types = step.writes().stream().map(write -> bound(write.type())).toList();
    List<HostTensor> results =
        Attributes.substitute(op, sizes).evaluate(new EvalContext(operands, types));
    for (int i = 0; i < results.size(); i++) {
      results.get(i).toMemory(memoryOf(step.writes().get(i)));
    }
  }

  private void execute(ScanKernel scan, Step step) {
    int carries = scan.carries();
    Map<String, MemorySegment> inside = carriesAndCaptures(carries, scan.scanned(), step);
    PlanInterpreter body =
        new PlanInterpreter(scan.body(), sizes, memoryOf(step.writes().getLast()), inside);
    long length = valueOf(scan.length());
    for (long i = 0; i < length; i++) {
      long t = scan.reverse() ? length - 1 - i : i;
      for (int x = 0; x < scan.scanned(); x++) {
        MemorySegment slice = body.memoryOf(scan.body().inputs().get(x).view());
        slice.copyFrom(part(step.reads().get(carries + x), t, slice.byteSize()));
      }
      scan.body().steps().forEach(body::execute);
      for (int y = 0; y < scan.body().outputs().size(); y++) {
        MemorySegment element = body.memoryOf(scan.body().outputs().get(y).view());
        part(step.writes().get(carries + y), t, element.byteSize()).copyFrom(element);
      }
      body.commit();
    }
  }

  private void execute(WhileKernel loop, Step step) {
    int carries = loop.carries();
    Map<String, MemorySegment> inside = carriesAndCaptures(carries, 0, step);
    PlanInterpreter condition =
        new PlanInterpreter(loop.condition(), sizes, memoryOf(step.writes().get(carries)), inside);
    PlanInterpreter body =
        new PlanInterpreter(loop.body(), sizes, memoryOf(step.writes().get(carries + 1)), inside);
    for (long i = 0; loop.limit() == 0 || i < loop.limit(); i++) {
      loop.condition().steps().forEach(condition::execute);
      if (condition.read(loop.condition().outputs().get(0).view()).longAt(0) == 0) {
        break;
      }
      loop.body().steps().forEach(body::execute);
      body.commit();
    }
  }

  private void execute(CondKernel cond, Step step) {
    boolean holds = read(step.reads().get(0)).longAt(0) != 0;
    Program chosen = holds ? cond.whenTrue() : cond.whenFalse();
    int results = step.writes().size() - 2;
    Map<String, MemorySegment> inside = new HashMap<>();
    for (int i = 1; i < step.reads().size(); i++) {
      inside.put(BodyVariables.capture(i - 1), memoryOf(step.reads().get(i)));
    }
    for (int i = 0; i < results; i++) {
      inside.put(BodyVariables.result(i), memoryOf(step.writes().get(i)));
    }
    MemorySegment memory = memoryOf(step.writes().get(holds ? results : results + 1));
    PlanInterpreter body = new PlanInterpreter(chosen, sizes, memory, inside);
    chosen.steps().forEach(body::execute);
    body.commit();
  }

  /** The variables of a loop's body, with the initial carries in their places. */
  private Map<String, MemorySegment> carriesAndCaptures(int carries, int scanned, Step step) {
    Map<String, MemorySegment> inside = new HashMap<>();
    for (int i = 0; i < carries; i++) {
      MemorySegment memory = memoryOf(step.writes().get(i));
      memory.copyFrom(memoryOf(step.reads().get(i)).asSlice(0, memory.byteSize()));
      inside.put(BodyVariables.carry(i), memory);
    }
    for (int i = carries + scanned; i < step.reads().size(); i++) {
      inside.put(BodyVariables.capture(i - carries - scanned), memoryOf(step.reads().get(i)));
    }
    return inside;
  }

  private MemorySegment part(View view, long index, long sizeBytes) {
    return memoryOf(view).asSlice(index * sizeBytes, sizeBytes);
  }

  /** Gives the variables their new values, all at once. */
  private void commit() {
    List<HostTensor> values = program.updates().stream().map(port -> read(port.view())).toList();
    for (int i = 0; i < values.size(); i++) {
      values.get(i).toMemory(variable(program.updates().get(i).name()));
    }
  }

  private void execute(LoopKernel loop, Step step) {
    List<View> operands = new ArrayList<>(step.reads());
    operands.addAll(step.writes());
    LoopReference.run(
        loop,
        this::valueOf,
        operands.stream().map(this::memoryOf).toList(),
        operands.stream().map(view -> view.type().dtype()).toList());
  }

  private long valueOf(Dim dim) {
    return dim.substitute(sizes).asLong();
  }

  private TensorType bound(TensorType type) {
    return type.withShape(type.shape().substitute(sizes));
  }

  private HostTensor read(View view) {
    return HostTensor.fromMemory(bound(view.type()), memoryOf(view));
  }

  private MemorySegment memoryOf(View view) {
    Buffer buffer = program.buffers().get(view.buffer());
    long sizeBytes = valueOf(buffer.sizeBytes());
    return switch (buffer.storage()) {
      case Storage.Arena at -> arena.asSlice(valueOf(at.offsetBytes()), sizeBytes);
      case Storage.OfVariable variable -> variable(variable.name()).asSlice(0, sizeBytes);
      case Storage.Constant constant -> constants.get(constant.index());
    };
  }

  private MemorySegment variable(String name) {
    MemorySegment memory = variables.get(name);
    if (memory == null) {
      throw new IllegalArgumentException("no tensor is given for variable '" + name + "'");
    }
    return memory;
  }

  private static MemorySegment copyOf(HostTensor tensor) {
    MemorySegment memory = memory(tensor.type().sizeBytes().asLong());
    tensor.toMemory(memory);
    return memory;
  }

  private static MemorySegment memory(long sizeBytes) {
    return MemorySegment.ofArray(new byte[Math.toIntExact(sizeBytes)]);
  }
}
