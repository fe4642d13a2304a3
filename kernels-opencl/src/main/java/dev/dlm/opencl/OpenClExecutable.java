package dev.dlm.opencl;

import dev.dlm.ir.HostTensor;
import dev.dlm.opencl.source.StepCode;
import dev.dlm.plan.CompositeExpansion;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program's steps as OpenCL C, and its constants on the device. Freed with the device. */
final class OpenClExecutable implements Executable {
  private final OpenClDevice device;
  private final Program program;
  private final List<Integer> origins;
  private final List<StepCode> steps;
  private final List<OpenClMemory> constants;

  OpenClExecutable(OpenClDevice device, Program original) {
    CompositeExpansion expansion = CompositeExpansion.of(original, _ -> false);
    this.device = device;
    this.program = expansion.program();
    this.origins = expansion.origins();
    this.steps =
        program.steps().stream().map(step -> StepCode.of(step, device.isProcessor())).toList();
    List<OpenClMemory> uploaded = new ArrayList<>();
    for (HostTensor constant : program.constants()) {
      uploaded.add(upload(constant));
    }
    this.constants = List.copyOf(uploaded);
  }

  private OpenClMemory upload(HostTensor constant) {
    long sizeBytes = constant.type().sizeBytes().asLong();
    OpenClMemory memory = device.allocateUninitialized(sizeBytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(1, sizeBytes));
      constant.toMemory(bytes);
      memory.write(0, bytes.asSlice(0, sizeBytes));
    }
    return memory;
  }

  Program program() {
    return program;
  }

  /** The number of the original program's step that a step came from. */
  int origin(int step) {
    return origins.get(step);
  }

  List<StepCode> steps() {
    return steps;
  }

  OpenClMemory constant(int index) {
    return constants.get(index);
  }

  @Override
  public Frame bind(Sizes sizes, Map<String, DeviceMemory> variables) {
    return OpenClFrame.bind(device, this, sizes, variables);
  }
}
