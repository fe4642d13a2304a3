package dev.dlm.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What programs inside of steps have to do with the steps' operands. */
final class BodyRules {
  private BodyRules() {}

  /** The programs that a kernel holds. */
  static List<Program> bodiesOf(Kernel kernel) {
    return switch (kernel) {
      case LoopKernel _, OpKernel _ -> List.of();
      case CompositeKernel composite -> List.of(composite.expansion());
      case ScanKernel scan -> List.of(scan.body());
      case WhileKernel loop -> List.of(loop.condition(), loop.body());
      case CondKernel cond -> List.of(cond.whenTrue(), cond.whenFalse());
    };
  }

  /** The names of the variables that programs in a step may use. */
  static Set<String> variablesOf(Step step) {
    Set<String> names = new HashSet<>();
    int carries = 0;
    int others = 0;
    switch (step.kernel()) {
      case LoopKernel _, OpKernel _ -> {}
      case CompositeKernel _ -> {
        for (int i = 0; i < step.writes().size(); i++) {
          names.add(BodyVariables.result(i));
        }
      }
      case ScanKernel scan -> {
        carries = scan.carries();
        others = scan.carries() + scan.scanned();
      }
      case WhileKernel loop -> {
        carries = loop.carries();
        others = loop.carries();
      }
      case CondKernel _ -> {
        others = 1;
        for (int i = 0; i < step.writes().size() - 2; i++) {
          names.add(BodyVariables.result(i));
        }
      }
    }
    for (int i = 0; i < carries; i++) {
      names.add(BodyVariables.carry(i));
    }
    for (int i = 0; i < step.reads().size() - others; i++) {
      names.add(BodyVariables.capture(i));
    }
    return names;
  }

  /** What is wrong about the numbers of operands, inputs, outputs and updates. */
  static Optional<String> checkBorder(Step step) {
    int reads = step.reads().size();
    int writes = step.writes().size();
    return switch (step.kernel()) {
      case LoopKernel _, OpKernel _ -> Optional.empty();
      case CompositeKernel composite ->
          verdict(has(composite.expansion(), 0, 0, writes), composite.op().name());
      case ScanKernel(Program body, int carries, int scanned, var _, var _) ->
          verdict(
              carries >= 0
                  && scanned >= 0
                  && reads >= carries + scanned
                  && writes == carries + body.outputs().size() + 1
                  && has(body, scanned, body.outputs().size(), carries),
              "scan");
      case WhileKernel(Program condition, Program body, int carries, long limit) ->
          verdict(
              carries > 0
                  && limit >= 0
                  && reads >= carries
                  && writes == carries + 2
                  && has(condition, 0, 1, 0)
                  && has(body, 0, 0, carries),
              "while");
      case CondKernel(Program whenTrue, Program whenFalse) ->
          verdict(
              reads > 0
                  && writes > 2
                  && has(whenTrue, 0, 0, writes - 2)
                  && has(whenFalse, 0, 0, writes - 2),
              "cond");
    };
  }

  private static boolean has(Program body, int inputs, int outputs, int updates) {
    return body.inputs().size() == inputs
        && body.outputs().size() == outputs
        && body.updates().size() == updates;
  }

  private static Optional<String> verdict(boolean holds, String kind) {
    return holds
        ? Optional.empty()
        : Optional.of("the operands of a " + kind + " do not fit its programs");
  }
}
