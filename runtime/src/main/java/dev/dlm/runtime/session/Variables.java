package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Variable;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointTensor;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables of a {@link Session}: their values, read and written between runs. Thread-safe:
 * reading waits for a run that changes variables, writing for all runs.
 */
public final class Variables {
  private final VariableLock lock;
  private final List<Variable> declared;
  private final Map<String, Variable> byName = new LinkedHashMap<>();
  private final Map<String, DeviceMemory> memory;
  private final Set<String> fixed;

  Variables(
      VariableLock lock,
      List<Variable> declared,
      Map<String, DeviceMemory> memory,
      Set<String> fixed) {
    this.lock = lock;
    this.declared = declared;
    for (Variable variable : declared) {
      byName.put(variable.name(), variable);
    }
    this.memory = memory;
    this.fixed = Set.copyOf(fixed);
  }

  /** What there is, in the order of the plan. */
  public List<Variable> declared() {
    return declared;
  }

  /**
   * A copy of a variable's value.
   *
   * @throws GraphException with code {@code unknown-variable}
   */
  public Tensor read(String name) {
    Variable variable = variable(name);
    Tensor copy = Tensor.zeros(variable.type().dtype(), variable.type().shape().asLongs());
    lock.enterBriefly();
    try {
      memory(variable).read(0, copy.memory());
    } finally {
      lock.leaveBriefly();
    }
    return copy;
  }

  /** Copies of all values of the given roles, as of one moment, in the order of the plan. */
  public Map<String, Tensor> read(Set<Variable.Role> roles) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    lock.enterBriefly();
    try {
      for (Variable variable : ofRoles(roles)) {
        Tensor copy = Tensor.zeros(variable.type().dtype(), variable.type().shape().asLongs());
        memory(variable).read(0, copy.memory());
        copies.put(variable.name(), copy);
      }
    } finally {
      lock.leaveBriefly();
    }
    return copies;
  }

  /**
   * Copies of all values of the given roles, as of one moment, ready for a checkpoint.
   *
   * @param arena where the copies live
   */
  public List<CheckpointTensor> snapshot(Set<Variable.Role> roles, Arena arena) {
    List<CheckpointTensor> copies = destinations(ofRoles(roles), arena);
    lock.enterBriefly();
    try {
      for (CheckpointTensor copy : copies) {
        memory(variable(copy.name())).read(0, copy.data());
      }
    } finally {
      lock.leaveBriefly();
    }
    return copies;
  }

  /**
   * Gives variables new values, all or none.
   *
   * @throws GraphException with every problem: {@code unknown-variable}, {@code variable-type}
   * @throws IllegalStateException if a variable's content is fixed
   */
  public void write(Map<String, Tensor> values) {
    List<Diagnostic> problems = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : values.entrySet()) {
      Variable variable = byName.get(entry.getKey());
      if (variable == null) {
        problems.add(unknown(entry.getKey()));
      } else if (!variable.type().equals(entry.getValue().type())) {
        problems.add(
            Diagnostic.error(
                "variable-type",
                "the variable '%s' is %s, found %s"
                    .formatted(variable.name(), variable.type(), entry.getValue().type()),
                variable.location()));
      }
    }
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
    lock.enterAlone();
    try {
      values.forEach((name, tensor) -> put(variable(name), tensor.memory()));
    } finally {
      lock.leaveAlone();
    }
  }

  /**
   * Loads all variables of the given roles from a checkpoint, all or none.
   *
   * @throws GraphException with code {@code checkpoint-mismatch}, one diagnostic a difference, if
   *     the checkpoint is of another model
   * @throws IllegalStateException if a variable's content is fixed
   */
  public void load(Checkpoint checkpoint, Set<Variable.Role> roles, Checkpoint.Unused unused) {
    try (Arena arena = Arena.ofConfined()) {
      List<CheckpointTensor> values = destinations(ofRoles(roles), arena);
      checkpoint.copyInto(values, unused);
      lock.enterAlone();
      try {
        for (CheckpointTensor value : values) {
          put(variable(value.name()), value.data());
        }
      } finally {
        lock.leaveAlone();
      }
    }
  }

  private static List<CheckpointTensor> destinations(List<Variable> variables, Arena arena) {
    List<CheckpointTensor> destinations = new ArrayList<>();
    for (Variable variable : variables) {
      MemorySegment data = arena.allocate(variable.type().sizeBytes().asLong(), Long.BYTES);
      List<Long> sizes = Arrays.stream(variable.type().shape().asLongs()).boxed().toList();
      destinations.add(new CheckpointTensor(variable.name(), variable.type().dtype(), sizes, data));
    }
    return destinations;
  }

  private List<Variable> ofRoles(Set<Variable.Role> roles) {
    return declared.stream().filter(variable -> roles.contains(variable.role())).toList();
  }

  private void put(Variable variable, MemorySegment value) {
    if (fixed.contains(variable.name())) {
      throw new IllegalStateException(
          "the content of the variable '" + variable.name() + "' is fixed");
    }
    memory(variable).write(0, value);
  }

  private DeviceMemory memory(Variable variable) {
    DeviceMemory found = memory.get(variable.name());
    if (found == null) {
      throw new IllegalStateException("no memory for the variable '" + variable.name() + "'");
    }
    return found;
  }

  private Variable variable(String name) {
    Variable found = byName.get(name);
    if (found == null) {
      throw new GraphException(unknown(name));
    }
    return found;
  }

  private Diagnostic unknown(String name) {
    return Diagnostic.error(
            "unknown-variable", "there is no variable '" + name + "'", Location.UNKNOWN)
        .withHelp(Suggestion.help(name, "variables", byName.keySet()));
  }
}
