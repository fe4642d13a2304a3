package dev.dlm.cpu.device;

import dev.dlm.cpu.step.LoopEntry;
import dev.dlm.cpu.step.OperandMemory;
import dev.dlm.cpu.step.UnchangedVariable;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.DeviceMemory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The variables of a program and what is computed of those that it only reads: once, and again
 * after somebody has changed one. Used by one thread at a time, while nobody else changes
 * variables.
 */
final class VariableUse {
  private final CpuMemory[] changed;
  private final CpuMemory[] prepared;
  private final LoopEntry[] preparations;
  private final long[] seen;

  private VariableUse(CpuMemory[] changed, CpuMemory[] prepared, LoopEntry[] preparations) {
    this.changed = changed;
    this.prepared = prepared;
    this.preparations = preparations;
    this.seen = new long[prepared.length];
  }

  /** Finds variables for the steps that are bound, and collects what these prepare. */
  static final class Binder {
    private final Map<String, DeviceMemory> variables;
    private final Set<String> written;
    private final Map<String, LoopEntry> entries = new TreeMap<>();

    Binder(Program program, Map<String, DeviceMemory> variables) {
      this.variables = variables;
      this.written = written(program);
    }

    OperandMemory variable(String name) {
      CpuMemory memory = memory(name);
      if (written.contains(name)) {
        return OperandMemory.changing(memory.segment());
      }
      LoopEntry entry = entries.get(name);
      if (entry == null) {
        entry = new LoopEntry();
        entries.put(name, entry);
      }
      return new OperandMemory(
          memory.segment(),
          Optional.empty(),
          Optional.of(new UnchangedVariable(entry, memory.matrices())));
    }

    private CpuMemory memory(String name) {
      if (variables.get(name) instanceof CpuMemory cpu) {
        return cpu;
      }
      throw new InternalException("variable '" + name + "' has no memory of the cpu device");
    }

    VariableUse build() {
      entries.values().removeIf(LoopEntry::isEmpty);
      CpuMemory[] prepared = new CpuMemory[entries.size()];
      LoopEntry[] preparations = new LoopEntry[prepared.length];
      int count = 0;
      for (Map.Entry<String, LoopEntry> entry : entries.entrySet()) {
        prepared[count] = memory(entry.getKey());
        preparations[count] = entry.getValue();
        count++;
      }
      CpuMemory[] changed = new CpuMemory[written.size()];
      count = 0;
      for (String name : written) {
        changed[count] = memory(name);
        count++;
      }
      return new VariableUse(changed, prepared, preparations);
    }
  }

  private static Set<String> written(Program program) {
    Set<String> names = new TreeSet<>();
    for (Program.Port update : program.updates()) {
      names.add(update.name());
    }
    for (Step step : program.steps()) {
      for (View view : step.writes()) {
        if (program.buffers().get(view.buffer()).storage()
            instanceof Storage.OfVariable(String name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** To be called before each run. */
  void begin() {
    for (int i = 0; i < prepared.length; i++) {
      long now = prepared[i].countChanges();
      if (seen[i] != now) {
        preparations[i].run();
        seen[i] = now;
      }
    }
  }

  /** To be called after each run, complete or not. */
  void end() {
    for (CpuMemory memory : changed) {
      memory.change();
    }
  }
}
