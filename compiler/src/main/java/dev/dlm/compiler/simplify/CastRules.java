package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.DType;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.math.Cast;
import java.util.List;
import java.util.Optional;

/**
 * Laws of conversions. All keep every bit.
 *
 * <ul>
 *   <li>{@code cast x to its own type → x}
 *   <li>{@code cast (cast x to B) to C → cast x to C}, where B holds every value of x's type
 * </ul>
 */
final class CastRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("cast x to its own type → x", Cast.class, CastRules::drop),
          new RewriteRule<>("cast (cast x to B) to C → cast x to C", Cast.class, CastRules::merge));

  private CastRules() {}

  private static Optional<Value> drop(Cast op, Node node, RewriteScope scope) {
    return node.operand(0).dtype() == op.dtype() ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> merge(Cast op, Node node, RewriteScope scope) {
    return scope
        .operandOf(Cast.class, node.operand(0))
        .filter(x -> holdsAll(node.operand(0).dtype(), x.dtype()))
        .map(x -> scope.builder().cast(x, op.dtype()));
  }

  /** Whether a type holds every value of another one. */
  private static boolean holdsAll(DType wide, DType narrow) {
    if (narrow == DType.BOOL) {
      return true;
    }
    return switch (wide) {
      case F64 -> narrow != DType.I64;
      case F32 -> narrow != DType.F64 && narrow != DType.I64 && narrow != DType.I32;
      // Eight significant bits hold the magnitudes to 256, eleven those to 2,048.
      case BF16 -> narrow == DType.BF16 || narrow == DType.I8 || narrow == DType.U8;
      case F16 -> narrow == DType.F16 || narrow == DType.I8 || narrow == DType.U8;
      case I64 -> narrow.isInteger();
      case I32 -> narrow.isInteger() && narrow != DType.I64;
      case I8, U8, BOOL -> narrow == wide;
    };
  }
}
