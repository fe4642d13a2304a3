package dev.dlm.runtime.session;

import dev.dlm.ir.DType;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A program of the session's plan with the variables it uses; compiled at its first use. */
final class PreparedProgram {
  private final Program program;
  private final Device device;
  private final ProgramInputs inputs;
  private final Map<String, DeviceMemory> variables = new TreeMap<>();
  private @Nullable Executable executable;

  PreparedProgram(Program program, Device device, Map<String, DeviceMemory> all) {
    this.program = program;
    this.device = device;
    this.inputs = new ProgramInputs(program);
    for (String name : program.variables()) {
      DeviceMemory memory = all.get(name);
      if (memory == null) {
        throw new IllegalArgumentException(
            "program '%s' uses the variable '%s', which the plan does not declare"
                .formatted(program.name(), name));
      }
      variables.put(name, memory);
    }
  }

  Program program() {
    return program;
  }

  ProgramInputs inputs() {
    return inputs;
  }

  boolean writesVariables() {
    return !program.updates().isEmpty();
  }

  DType inputDType(int index) {
    return program.inputs().get(index).view().type().dtype();
  }

  Frame bind(Sizes sizes) {
    return executable().bind(sizes, variables);
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
