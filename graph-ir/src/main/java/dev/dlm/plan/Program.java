package dev.dlm.plan;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps that compute one signature. A run copies the inputs into their buffers, executes the
 * steps in order, copies the outputs out, and then copies each update whose buffer is not the
 * variable's own into the variable. Immutable.
 *
 * @param inputs their types name the symbols; a symbol that stands alone as a dimension is bound by
 *     the size found there
 * @param updates the new values of variables at the end; in place where the buffer is the
 *     variable's
 * @param guards conditions on sizes, checked when they are bound
 * @param constants tensors that {@link Storage.Constant} buffers hold
 * @param buffers numbered by their place in this list
 * @param steps in an order in which every buffer is written before it is read
 * @param arenaBytes size of the arena as a formula of the symbols; offsets and size are multiples
 *     of {@link #ALIGNMENT}
 */
public record Program(
    String name,
    List<Port> inputs,
    List<Port> outputs,
    List<Port> updates,
    List<Guard> guards,
    List<HostTensor> constants,
    List<Buffer> buffers,
    List<Step> steps,
    Dim arenaBytes) {
  /** Alignment of every buffer in bytes. */
  public static final int ALIGNMENT = 64;

  public Program {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    updates = List.copyOf(updates);
    guards = List.copyOf(guards);
    constants = List.copyOf(constants);
    buffers = List.copyOf(buffers);
    steps = List.copyOf(steps);
  }

  /** A named tensor at the border of a program. */
  public record Port(String name, View view) {}

  /** The symbols of the inputs, sorted. */
  public Set<String> symbols() {
    Set<String> names = new TreeSet<>();
    for (Port input : inputs) {
      for (Dim dim : input.view().type().shape().dims()) {
        names.addAll(dim.symbols());
      }
    }
    return names;
  }

  /** The names of the variables whose storage a step or an output reads or writes, sorted. */
  public Set<String> variables() {
    Set<String> names = new TreeSet<>();
    for (Buffer buffer : buffers) {
      switch (buffer.storage()) {
        case Storage.OfVariable variable -> names.add(variable.name());
        case Storage.Arena _, Storage.Constant _ -> {}
      }
    }
    for (Port update : updates) {
      names.add(update.name());
    }
    return names;
  }
}
