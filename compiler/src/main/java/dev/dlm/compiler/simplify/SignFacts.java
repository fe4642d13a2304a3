package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Transpose;
import dev.dlm.op.math.Abs;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Exp;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.ShiftRight;
import dev.dlm.op.math.Sigmoid;
import dev.dlm.op.math.Sqrt;
import java.util.Optional;

/** What is known of the signs of a value's elements from the nodes that make it. */
final class SignFacts {
  /** How many nodes to look through. */
  private static final int MAX_DEPTH = 6;

  private SignFacts() {}

  /** Whether each element is NaN or has a sign bit of 0: neither negative nor −0. */
  static boolean isNeverSigned(Value value, RewriteScope scope) {
    return isNeverSigned(value, scope, MAX_DEPTH);
  }

  private static boolean isNeverSigned(Value value, RewriteScope scope, int depth) {
    if (value.dtype() == DType.BOOL || value.dtype() == DType.U8) {
      return true;
    }
    Optional<Node> producer = scope.producer(value);
    if (depth == 0 || producer.isEmpty()) {
      return false;
    }
    if (scope.uniform(value).isPresent()) {
      return isUniformlyUnsigned(value, scope);
    }
    Node node = producer.get();
    boolean isFloat = value.dtype().isFloat();
    return switch (node.op()) {
      case ArgReduce _ -> true;
      case Iota _, Size _ -> value.dtype() != DType.I8;
      // Integers wrap around: of them nothing is known from magnitudes.
      case Abs _, Exp _, Sigmoid _ -> isFloat;
      case Mul _ -> isFloat && (Operands.areSame(node) || areNeverSigned(node, scope, depth));
      case Add _ -> isFloat && areNeverSigned(node, scope, depth);
      case Sqrt _ -> areNeverSigned(node, scope, depth);
      case Cast _ ->
          (isFloat || node.operand(0).dtype() == DType.BOOL) && areNeverSigned(node, scope, depth);
      case ShiftRight _ ->
          scope.uniform(node.operand(1)).filter(distance -> distance.longAt(0) > 0).isPresent();
      // A sum begins at 0; an empty maximum is −∞.
      case Reduce reduce ->
          isFloat && reduce.kind() == Reduce.Kind.SUM && areNeverSigned(node, scope, depth);
      case Max _ ->
          node.operands().stream().anyMatch(operand -> isUniformlyUnsigned(operand, scope));
      case Broadcast _, Reshape _, Transpose _ -> areNeverSigned(node, scope, depth);
      default -> false;
    };
  }

  private static boolean areNeverSigned(Node node, RewriteScope scope, int depth) {
    return node.operands().stream().allMatch(operand -> isNeverSigned(operand, scope, depth - 1));
  }

  private static boolean isUniformlyUnsigned(Value value, RewriteScope scope) {
    return scope.uniform(value).filter(SignFacts::isUnsigned).isPresent();
  }

  private static boolean isUnsigned(HostTensor scalar) {
    double element = scalar.doubleAt(0);
    return element > 0 || Double.doubleToLongBits(element) == 0;
  }
}
