package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.op.Op;
import dev.dlm.op.control.Cond;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.JacobianVectorProduct;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cases for every op: applications that must work, in every element type and in small, empty and
 * odd shapes, and for each labelled constraint at least one that violates it. Tests of inference,
 * gradients and kernels loop over these, so that a new op is tested everywhere once it has its
 * cases.
 */
public final class OpCases {
  private static final List<OpCase> ALL =
      Stream.of(
              MathOpCases.all(),
              ArrayOpCases.all(),
              AttentionOpCases.all(),
              CompositeOpCases.all(),
              ControlOpCases.all(),
              IndexingOpCases.all(),
              SequenceOpCases.all(),
              WindowOpCases.all())
          .flatMap(List::stream)
          .toList();

  private OpCases() {}

  /** All cases, positive and negative. */
  public static List<OpCase> all() {
    return ALL;
  }

  /** The cases in which type inference must succeed. */
  public static List<OpCase> positive() {
    return ALL.stream().filter(OpCase::isPositive).toList();
  }

  /** The cases in which type inference must name a violated constraint. */
  public static List<OpCase> negative() {
    return ALL.stream().filter(one -> !one.isPositive()).toList();
  }

  /** The positive cases that can be evaluated: all but those of ops that the compiler replaces. */
  public static List<OpCase> evaluable() {
    return positive().stream()
        .filter(one -> !(one.op() instanceof Gradient))
        .filter(one -> !(one.op() instanceof JacobianVectorProduct))
        .toList();
  }

  /** The evaluable cases whose operands are all of one element type. */
  public static List<OpCase> evaluable(DType dtype) {
    return evaluable().stream()
        .filter(one -> one.operands().stream().allMatch(type -> type.dtype() == dtype))
        .toList();
  }

  /** Whether an op holds bodies, so that plans have a kernel of its own kind for it. */
  public static boolean isControl(Op op) {
    return op instanceof Scan || op instanceof While || op instanceof Cond;
  }

  /** All cases of an op. */
  public static List<OpCase> of(Class<? extends Op> op) {
    return ALL.stream().filter(one -> one.op().getClass().equals(op)).toList();
  }
}
