package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks what callers give to a program and finds the sizes of its symbols. Immutable. */
final class ProgramInputs {
  private final Program program;
  private final List<String> names;

  ProgramInputs(Program program) {
    this.program = program;
    List<String> all = new ArrayList<>();
    for (Program.Port input : program.inputs()) {
      all.add(input.name());
    }
    this.names = List.copyOf(all);
  }

  int count() {
    return names.size();
  }

  /**
   * The place of an input.
   *
   * @throws GraphException with code {@code unknown-input}
   */
  int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new GraphException(unknown(name));
    }
    return index;
  }

  /** What is wrong with the names of a call's inputs: those unknown, then those missing. */
  List<Diagnostic> checkNames(Collection<String> given) {
    List<Diagnostic> problems = new ArrayList<>();
    for (String name : given) {
      if (!names.contains(name)) {
        problems.add(unknown(name));
      }
    }
    for (int i = 0; i < names.size(); i++) {
      if (!given.contains(names.get(i))) {
        problems.add(missing(i));
      }
    }
    return problems;
  }

  /** The diagnostic for an input that is not given. */
  Diagnostic missing(int index) {
    return error(
        "missing-input",
        "'%s' needs the input '%s' of type %s"
            .formatted(program.name(), names.get(index), type(index)));
  }

  /** What is wrong with an input by itself: element type, rank, or a constant size. */
  Optional<Diagnostic> checkType(int index, DType dtype, long[] sizes) {
    TensorType expected = type(index);
    boolean fits = dtype == expected.dtype() && sizes.length == expected.rank();
    for (int axis = 0; fits && axis < sizes.length; axis++) {
      Dim dim = expected.dim(axis);
      fits = !dim.isConstant() || dim.is(sizes[axis]);
    }
    return fits
        ? Optional.empty()
        : Optional.of(
            error(
                "input-type",
                "the input '%s' of '%s' is %s, found %s"
                    .formatted(
                        names.get(index),
                        program.name(),
                        expected,
                        Tensor.describe(dtype, sizes))));
  }

  /**
   * The sizes of the symbols.
   *
   * @param sizes of each input; each passed {@link #checkType}
   * @throws GraphException with code {@code size-conflict} if inputs contradict each other, {@code
   *     size-guard} if a condition of the model does not hold
   */
  Sizes bind(long[][] sizes) {
    Map<String, Long> values = new HashMap<>();
    Map<String, String> origins = new HashMap<>();
    List<Diagnostic> problems = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      for (int axis = 0; axis < sizes[i].length; axis++) {
        bindAxis(i, axis, sizes[i][axis], values, origins, problems);
      }
    }
    for (String symbol : program.symbols()) {
      if (!values.containsKey(symbol)) {
        problems.add(
            error(
                "size-conflict",
                "no input of '%s' has the size %s alone as a dimension, so it cannot be found"
                    .formatted(program.name(), symbol)));
      }
    }
    throwIfAny(problems);
    Sizes bound = Sizes.of(values);
    for (int i = 0; i < sizes.length; i++) {
      checkDerived(i, sizes[i], bound, problems);
    }
    for (Guard guard : program.guards()) {
      checkGuard(guard, bound, problems);
    }
    throwIfAny(problems);
    return bound;
  }

  private void bindAxis(
      int input,
      int axis,
      long size,
      Map<String, Long> values,
      Map<String, String> origins,
      List<Diagnostic> problems) {
    Dim dim = type(input).dim(axis);
    for (String symbol : dim.symbols()) {
      if (!dim.equals(Dim.symbol(symbol))) {
        continue;
      }
      Long earlier = values.putIfAbsent(symbol, size);
      if (earlier == null) {
        origins.put(symbol, names.get(input));
      } else if (earlier != size) {
        problems.add(
            error(
                "size-conflict",
                "the size %s of '%s' is %d in the input '%s' and %d in the input '%s'"
                    .formatted(
                        symbol,
                        program.name(),
                        earlier,
                        origins.get(symbol),
                        size,
                        names.get(input))));
      }
    }
  }

  private void checkDerived(int input, long[] sizes, Sizes bound, List<Diagnostic> problems) {
    for (int axis = 0; axis < sizes.length; axis++) {
      Dim dim = type(input).dim(axis);
      try {
        if (bound.of(dim) != sizes[axis]) {
          problems.add(
              error(
                  "size-conflict",
                  "axis %d of the input '%s' of '%s' is %s = %d for %s, found %d"
                      .formatted(
                          axis,
                          names.get(input),
                          program.name(),
                          dim,
                          bound.of(dim),
                          bound,
                          sizes[axis])));
        }
      } catch (ArithmeticException e) {
        problems.add(overflow(dim, bound));
      }
    }
  }

  private void checkGuard(Guard guard, Sizes bound, List<Diagnostic> problems) {
    try {
      long left = bound.of(guard.left());
      long right = bound.of(guard.right());
      if (!guard.relation().holds(left, right)) {
        problems.add(
            Diagnostic.error(
                "size-guard",
                "%s: %s does not hold for %s: %d and %d"
                    .formatted(guard.reason(), guard, bound, left, right),
                guard.location()));
      }
    } catch (ArithmeticException e) {
      problems.add(overflow(guard.left().plus(guard.right()), bound));
    }
  }

  private static Diagnostic overflow(Dim dim, Sizes bound) {
    return error("size-conflict", "the size %s cannot be computed for %s".formatted(dim, bound));
  }

  private Diagnostic unknown(String name) {
    return error("unknown-input", "'%s' has no input '%s'".formatted(program.name(), name))
        .withHelp(Suggestion.help(name, "inputs", names));
  }

  private TensorType type(int index) {
    return program.inputs().get(index).view().type();
  }

  private static void throwIfAny(List<Diagnostic> problems) {
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }

  private static Diagnostic error(String code, String message) {
    return Diagnostic.error(code, message, Location.UNKNOWN);
  }
}
