package dev.dlm.cli.show;

import dev.dlm.ir.Variable;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    StringBuilder text = new StringBuilder("signature " + program.name() + "\n");
    text.append(ports("input", program.inputs()));
    text.append(ports("output", program.outputs()));
    if (!program.updates().isEmpty()) {
      text.append("  updates ").append(program.updates().size()).append(" variables\n");
    }
    text.append("  peak bytes beside the variables: ").append(program.arenaBytes()).append('\n');
    text.append("  ").append(program.steps().size()).append(" steps\n");
    Table table = new Table();
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      table.row(
          Integer.toString(i),
          describe(step.kernel()),
          step.writes().stream()
              .map(view -> view.type() + " in " + storage(program, view))
              .collect(Collectors.joining(", ")),
          Place.of(step.location()));
    }
    return text.append(table.print("    ")).toString();
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

  /** What a kernel computes, in a few words. */
  static String describe(Kernel kernel) {
    return switch (kernel) {
      case OpKernel(var op, var epilogue) ->
          op.name() + epilogue.map(loop -> " then " + describe(loop)).orElse("");
      case CompositeKernel composite -> composite.op().name();
      case LoopKernel loop -> describe(loop);
      case ScanKernel scan -> "scan of " + inside(scan.body());
      case WhileKernel loop -> "while " + inside(loop.condition()) + " do " + inside(loop.body());
      case CondKernel cond ->
          "cond of " + inside(cond.whenTrue()) + " or " + inside(cond.whenFalse());
    };
  }

  private static String inside(Program body) {
    return body.steps().stream()
        .map(step -> describe(step.kernel()))
        .collect(Collectors.joining("; ", "{", "}"));
  }

  private static String describe(LoopKernel loop) {
    Set<String> functions = new LinkedHashSet<>();
    for (Block block : loop.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Apply apply) {
          functions.add(apply.function().name().toLowerCase(Locale.ROOT));
        }
      }
      for (Block.Fold fold : block.folds()) {
        functions.add("fold " + fold.kind().name().toLowerCase(Locale.ROOT));
      }
    }
    boolean bounded = loop.accesses().stream().map(Access::bounds).anyMatch(b -> !b.isEmpty());
    if (functions.isEmpty()) {
      return bounded ? "copy with padding" : "copy";
    }
    return "loop(" + String.join(", ", functions) + ")";
  }
}
