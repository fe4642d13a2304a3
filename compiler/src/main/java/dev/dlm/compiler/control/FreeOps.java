package dev.dlm.compiler.control;

import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.Op;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Constant;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.meta.StopGradient;

/** What ops cost where they are computed again instead of being kept. */
final class FreeOps {
  private FreeOps() {}

  /** Whether an op only renames coordinates or makes numbers up. */
  static boolean isFree(Op op) {
    return op instanceof Broadcast
        || op instanceof Constant
        || op instanceof Iota
        || op instanceof Pad
        || op instanceof Reshape
        || op instanceof Size
        || op instanceof Slice
        || op instanceof StopGradient
        || op instanceof Transpose;
  }

  /** Whether an op runs inside of fused loops, so that free operands cost nothing. */
  static boolean isFused(Op op) {
    return isFree(op) || op instanceof ElementwiseOp || op instanceof Reduce;
  }

  /** Whether an op costs about as much as reading its result from memory. */
  static boolean isCheap(Op op) {
    return isFree(op) || (op instanceof ElementwiseOp elementwise && isCheap(elementwise));
  }

  private static boolean isCheap(ElementwiseOp op) {
    return switch (op.function()) {
      case ABSOLUTE,
          ADD,
          AND,
          CAST,
          DIVIDE,
          EQUAL,
          FLOOR,
          IS_FINITE,
          LESS,
          LESS_OR_EQUAL,
          MAXIMUM,
          MINIMUM,
          MULTIPLY,
          NEGATE,
          NOT,
          NOT_EQUAL,
          OR,
          RSQRT,
          SELECT,
          SIGN,
          SQRT,
          SUBTRACT,
          XOR ->
          true;
      default -> false;
    };
  }
}
