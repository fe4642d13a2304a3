package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Exp;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Sigmoid;
import java.util.Optional;

/** What is known of the signs of a value's elements from the nodes that make it. */
final class SignFacts {
  /** How far to look through nodes that only move elements. */
  private static final int MAX_DEPTH = 8;

  private SignFacts() {}

  /** Whether each element is NaN or has a sign bit of 0: neither negative nor −0. */
  static boolean isNeverSigned(Value value, RewriteScope scope) {
    Value at = value;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Optional<Node> node = scope.producer(at);
      if (scope.uniform(at).filter(SignFacts::isUnsigned).isPresent()) {
        return true;
      }
      if (node.isEmpty()) {
        return false;
      }
      switch (node.get().op()) {
        case Abs _, Exp _, Sigmoid _, Iota _, Size _ -> {
          return true;
        }
        case Cast _ when !node.get().operand(0).dtype().isFloat() -> {
          return node.get().operand(0).dtype() == DType.BOOL
              || node.get().operand(0).dtype() == DType.U8;
        }
        case Mul _ -> {
          return node.get().operand(0).equals(node.get().operand(1));
        }
        case Max _ -> {
          return node.get().operands().stream()
              .anyMatch(
                  operand -> scope.uniform(operand).filter(SignFacts::isUnsigned).isPresent());
        }
        case Broadcast _, Reshape _, Transpose _ -> at = node.get().operand(0);
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  private static boolean isUnsigned(HostTensor scalar) {
    double element = scalar.doubleAt(0);
    return element > 0 || Double.doubleToLongBits(element) == 0;
  }
}
