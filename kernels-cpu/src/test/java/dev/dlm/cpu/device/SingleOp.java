package dev.dlm.cpu.device;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs one kernel on a device, through a program of one step. */
final class SingleOp {
  private SingleOp() {}

  /** A program whose only step reads its inputs and writes its outputs. */
  static Program program(Kernel kernel, List<TensorType> reads, List<TensorType> writes) {
    List<Buffer> buffers = new ArrayList<>();
    List<Program.Port> inputs = new ArrayList<>();
    List<Program.Port> outputs = new ArrayList<>();
    List<View> readViews = new ArrayList<>();
    List<View> writeViews = new ArrayList<>();
    Dim end = Dim.ZERO;
    for (int i = 0; i < reads.size() + writes.size(); i++) {
      boolean isRead = i < reads.size();
      TensorType type = isRead ? reads.get(i) : writes.get(i - reads.size());
      buffers.add(new Buffer(type.sizeBytes(), new Storage.Arena(end)));
      View view = new View(i, type);
      (isRead ? readViews : writeViews).add(view);
      (isRead ? inputs : outputs).add(new Program.Port((isRead ? "x" : "y") + i, view));
      end = end.plus(type.sizeBytes().roundedUpTo(Program.ALIGNMENT));
    }
    Step step = new Step(kernel, readViews, writeViews, Location.UNKNOWN);
    return new Program(
        "run", inputs, outputs, List.of(), List.of(), List.of(), buffers, List.of(step), end);
  }

  /** The results of a kernel for operands of constant shape. */
  static List<HostTensor> run(
      Device device, Kernel kernel, List<HostTensor> operands, List<TensorType> results) {
    return run(
        device,
        program(kernel, operands.stream().map(HostTensor::type).toList(), results),
        operands,
        results);
  }

  /** The result of a kernel that writes it over its first operand. */
  static HostTensor runInPlace(Device device, Kernel kernel, List<HostTensor> operands) {
    TensorType type = operands.getFirst().type();
    Program apart =
        program(kernel, operands.stream().map(HostTensor::type).toList(), List.of(type));
    Step step = apart.steps().getFirst();
    View first = step.reads().getFirst();
    Program program =
        new Program(
            apart.name(),
            apart.inputs(),
            List.of(new Program.Port("y", first)),
            List.of(),
            List.of(),
            List.of(),
            apart.buffers(),
            List.of(new Step(kernel, step.reads(), List.of(first), step.location())),
            apart.arenaBytes());
    return run(device, program, operands, List.of(type)).getFirst();
  }

  private static List<HostTensor> run(
      Device device, Program program, List<HostTensor> operands, List<TensorType> results) {
    try (Arena arena = Arena.ofConfined();
        Frame frame = device.prepare(program).bind(Sizes.of(Map.of()), Map.of())) {
      for (int i = 0; i < operands.size(); i++) {
        frame.writeInput(i, memory(arena, operands.get(i)));
      }
      frame.run();
      List<HostTensor> read = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        MemorySegment target = arena.allocate(results.get(i).sizeBytes().asLong());
        frame.readOutput(i, target);
        read.add(HostTensor.fromMemory(results.get(i), target));
      }
      return read;
    }
  }

  private static MemorySegment memory(Arena arena, HostTensor tensor) {
    MemorySegment segment = arena.allocate(tensor.type().sizeBytes().asLong());
    tensor.toMemory(segment);
    return segment;
  }
}
