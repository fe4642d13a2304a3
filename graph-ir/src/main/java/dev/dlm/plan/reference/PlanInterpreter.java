package dev.dlm.plan.reference;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.EvalContext;
import dev.dlm.op.Op;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
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
        Op op = Attributes.substitute(kernel.op(), sizes);
        int countOperands = kernel.epilogue().isEmpty() ? step.reads().size() : 2;
        List<HostTensor> operands =
            step.reads().subList(0, countOperands).stream().map(this::read).toList();
        List<TensorType> types = step.writes().stream().map(write -> bound(write.type())).toList();
        List<HostTensor> results = op.evaluate(new EvalContext(operands, types));
        for (int i = 0; i < results.size(); i++) {
          results.get(i).toMemory(memoryOf(step.writes().get(i)));
        }
        kernel.epilogue().ifPresent(epilogue -> execute(epilogue, step));
      }
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
