package dev.dlm.runtime.session;

import dev.dlm.ir.DType;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A program of the session's plan with the variables it uses; compiled at its first use. */
final class PreparedProgram {
  private final Program program;
  private final Device device;
  private final VariableLock lock;
  private final ProgramInputs inputs;
  private final Map<String, DeviceMemory> shared = new TreeMap<>();
  private final Map<String, Long> streamed = new TreeMap<>();
  private final boolean changesShared;
  private final long streamBytes;
  private @Nullable Executable executable;

  PreparedProgram(
      Plan plan, Program program, Device device, VariableLock lock, Map<String, DeviceMemory> all) {
    this.program = program;
    this.device = device;
    this.lock = lock;
    this.inputs = new ProgramInputs(program);
    this.changesShared = plan.changesSharedVariables(program);
    Map<String, Long> ofStreams = new TreeMap<>();
    for (Variable variable : plan.streamVariables()) {
      ofStreams.put(variable.name(), variable.type().sizeBytes().asLong());
    }
    for (String name : program.variables()) {
      DeviceMemory memory = all.get(name);
      Long streamBytes = ofStreams.get(name);
      if (streamBytes != null) {
        streamed.put(name, streamBytes);
      } else if (memory != null) {
        shared.put(name, memory);
      } else {
        throw new IllegalArgumentException(
            "program '%s' uses the variable '%s', which the plan does not declare"
                .formatted(program.name(), name));
      }
    }
    long bytes = 0;
    for (long own : streamed.values()) {
      bytes += own;
    }
    this.streamBytes = bytes;
  }

  Program program() {
    return program;
  }

  ProgramInputs inputs() {
    return inputs;
  }

  /** Whether a run changes what other runs read. */
  boolean changesSharedVariables() {
    return changesShared;
  }

  /** The bytes of the stream's variables that the program uses. */
  long streamBytes() {
    return streamBytes;
  }

  DType inputDType(int index) {
    return program.inputs().get(index).view().type().dtype();
  }

  /** Makes a frame, lent to the caller. */
  PooledFrame bind(Sizes sizes) {
    Map<String, DeviceMemory> own = new LinkedHashMap<>();
    boolean bound = false;
    try {
      for (Map.Entry<String, Long> variable : streamed.entrySet()) {
        own.put(variable.getKey(), device.allocate(variable.getValue()));
      }
      Map<String, DeviceMemory> variables = new TreeMap<>(shared);
      variables.putAll(own);
      Frame frame = executable().bind(sizes, variables);
      bound = true;
      return new PooledFrame(frame, own, lock.newReader());
    } finally {
      if (!bound) {
        own.values().forEach(DeviceMemory::close);
      }
    }
  }

  private synchronized Executable executable() {
    Executable made = executable;
    if (made == null) {
      made = device.prepare(program);
      executable = made;
    }
    return made;
  }
}
