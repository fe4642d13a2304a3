package dev.dlm.plan;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A compiled graph: one program for each signature, over shared variables. Immutable.
 *
 * @param variables in the order of the graph
 * @param programs in the order of the signatures
 */
public record Plan(String name, List<Variable> variables, List<Program> programs) {
  public Plan {
    variables = List.copyOf(variables);
    programs = List.copyOf(programs);
  }

  /** The variables that a session holds and files keep: all but those of streams. */
  public List<Variable> sharedVariables() {
    List<Variable> shared = new ArrayList<>();
    for (Variable variable : variables) {
      if (variable.role() != Variable.Role.STREAM) {
        shared.add(variable);
      }
    }
    return Collections.unmodifiableList(shared);
  }

  /** The variables of which each stream of calls has its own. */
  public List<Variable> streamVariables() {
    List<Variable> ofStreams = new ArrayList<>();
    for (Variable variable : variables) {
      if (variable.role() == Variable.Role.STREAM) {
        ofStreams.add(variable);
      }
    }
    return Collections.unmodifiableList(ofStreams);
  }

  /** Whether a program gives a shared variable a new value. */
  public boolean changesSharedVariables(Program program) {
    Set<String> own = new HashSet<>();
    for (Variable variable : streamVariables()) {
      own.add(variable.name());
    }
    for (Program.Port update : program.updates()) {
      if (!own.contains(update.name())) {
        return true;
      }
    }
    return false;
  }

  /** The program of the given signature. */
  public Optional<Program> findProgram(String wanted) {
    for (Program program : programs) {
      if (program.name().equals(wanted)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /**
   * The program of the given signature.
   *
   * @throws GraphException with code {@code unknown-signature} if there is none
   */
  public Program program(String wanted) {
    return findProgram(wanted)
        .orElseThrow(() ->
            new GraphException(
                Diagnostic.error(
                        "unknown-signature",
                        name + " has no signature '" + wanted + "'",
                        Location.UNKNOWN)
                    .withHelp(
                        "it has: "
                            + String.join(", ", programs.stream().map(Program::name).toList()))));
  }

  /**
   * This plan with the given programs alone, and the variables that they use: what a service that
   * only predicts needs.
   *
   * @throws GraphException with code {@code unknown-signature} if there is no such program
   */
  public Plan restrictedTo(List<String> names) {
    Set<String> used = new HashSet<>();
    names.forEach(wanted -> used.addAll(program(wanted).variables()));
    return new Plan(
        name,
        variables.stream().filter(variable -> used.contains(variable.name())).toList(),
        programs.stream().filter(program -> names.contains(program.name())).toList());
  }
}
