package dev.dlm.plan;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What kernels compute, in a few words for listings. */
public final class KernelDescription {
  private KernelDescription() {}

  /** For example {@code dot then loop(add, maximum)}. */
  public static String of(Kernel kernel) {
    return switch (kernel) {
      case OpKernel(var op, var epilogue) ->
          op.name() + epilogue.map(loop -> " then " + of(loop)).orElse("");
      case CompositeKernel composite -> composite.op().name();
      case LoopKernel loop -> of(loop);
      case ScanKernel scan -> "scan of " + inside(scan.body());
      case WhileKernel loop -> "while " + inside(loop.condition()) + " do " + inside(loop.body());
      case CondKernel cond ->
          "cond of " + inside(cond.whenTrue()) + " or " + inside(cond.whenFalse());
    };
  }

  private static String inside(Program body) {
    return body.steps().stream()
        .map(step -> of(step.kernel()))
        .collect(Collectors.joining("; ", "{", "}"));
  }

  private static String of(LoopKernel loop) {
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
