package dev.dlm.cli.show;

import dev.dlm.diagnostic.ShortLocation;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Variable;
import dev.dlm.plan.KernelDescription;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.cost.Cost;
import dev.dlm.plan.cost.CostModel;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A plan for people: of each signature its inputs and outputs, the memory that a run takes as a
 * formula of the sizes, and the steps in order, each with what it computes, what it writes and
 * where, and the lines of the model that it came from.
 */
public final class PlanListing {
  private PlanListing() {}

  /** The listing of all signatures. */
  public static String of(Plan plan) {
    StringBuilder text = new StringBuilder();
    text.append(
        "plan %s: %d variables, %,d bytes\n"
            .formatted(plan.name(), plan.sharedVariables().size(), variableBytes(plan)));
    if (!plan.streamVariables().isEmpty()) {
      text.append(
          "each stream: %d variables, %,d bytes\n"
              .formatted(plan.streamVariables().size(), sizeBytes(plan.streamVariables())));
    }
    plan.programs().forEach(program -> text.append('\n').append(of(program)));
    return text.toString();
  }

  /** Bytes of all variables but those of streams. */
  public static long variableBytes(Plan plan) {
    return sizeBytes(plan.sharedVariables());
  }

  private static long sizeBytes(List<Variable> variables) {
    return variables.stream()
        .map(Variable::type)
        .mapToLong(type -> type.sizeBytes().asLong())
        .sum();
  }

  /** The listing of one signature. */
  public static String of(Program program) {
    return border(program) + steps(program);
  }

  /** What a signature takes and gives, the memory and the work of a run. */
  public static String border(Program program) {
    StringBuilder text = new StringBuilder("signature " + program.name() + "\n");
    text.append(ports("input", program.inputs()));
    text.append(ports("output", program.outputs()));
    if (!program.updates().isEmpty()) {
      text.append("  updates ").append(program.updates().size()).append(" variables\n");
    }
    text.append("  peak bytes beside the variables: ").append(program.arenaBytes()).append('\n');
    Cost cost = CostModel.symbolic().of(program);
    text.append("  operations of a run: ").append(describe(cost.operations(), cost)).append('\n');
    text.append("  bytes of a run: ").append(describe(cost.bytes(), cost)).append('\n');
    text.append("  ").append(program.steps().size()).append(" steps\n");
    return text.toString();
  }

  private static String describe(Dim amount, Cost cost) {
    return amount + (cost.isExact() ? "" : ", more or less, as values decide");
  }

  private static String steps(Program program) {
    Table table = new Table();
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      table.row(
          Integer.toString(i),
          KernelDescription.of(step.kernel()),
          step.writes().stream()
              .map(view -> view.type() + " in " + storage(program, view))
              .collect(Collectors.joining(", ")),
          ShortLocation.of(step.location()));
    }
    return table.print("    ");
  }

  private static String ports(String kind, List<Program.Port> ports) {
    StringBuilder text = new StringBuilder();
    for (Program.Port port : ports) {
      text.append("  %s %s: %s\n".formatted(kind, port.name(), port.view().type()));
    }
    return text.toString();
  }

  private static String storage(Program program, View view) {
    return switch (program.buffers().get(view.buffer()).storage()) {
      // The offset is a long formula, and what matters is which steps share the buffer.
      case Storage.Arena _ -> "#" + view.buffer();
      case Storage.OfVariable(String name) -> name;
      case Storage.Constant(int index) -> "constant " + index;
    };
  }
}
