package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteScope;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.math.Div;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Neg;
import dev.dlm.op.math.Pow;
import java.util.List;
import java.util.Optional;

/**
 * Laws of products, quotients and powers. Of floating-point numbers unless said otherwise.
 *
 * <ul>
 *   <li>{@code c * x → x * c}, c uniform and x not; integers too
 *   <li>{@code x * 1 → x}, {@code x / 1 → x}; integers too
 *   <li>{@code x * 0 → 0} for integers alone
 *   <li>{@code x * −1 → neg x}, {@code x / −1 → neg x}
 *   <li>{@code neg x * neg y → x * y}, {@code neg x / neg y → x / y}
 *   <li>{@code neg x * c → x * (−c)}, c uniform
 *   <li>{@code x / c → x * (1/c)}, c uniformly a power of two whose reciprocal is a normal number
 *   <li>{@code pow(x, 1) → x}, {@code pow(x, 0) → 1}
 *   <li>{@code pow(x, 2) → x * x}, {@code pow(x, −1) → 1 / x}, and {@code pow(x, 0.5) → sqrt x}
 *       where the elements of {@code x} are neither negative nor −0
 * </ul>
 *
 * <p>The last line may change the last bit: a product, quotient or root is rounded correctly, a
 * power to within a unit in the last place. All others keep every bit.
 */
final class ProductRules {
  static final List<RewriteRule<?>> ALL =
      List.of(
          new RewriteRule<>("c * x → x * c", Mul.class, ProductRules::constantLast),
          new RewriteRule<>("x * 1 → x", Mul.class, ProductRules::dropOne),
          new RewriteRule<>("x * 0 → 0", Mul.class, ProductRules::integerZero),
          new RewriteRule<>("x * −1 → neg x", Mul.class, ProductRules::negate),
          new RewriteRule<>("neg x * neg y → x * y", Mul.class, ProductRules::dropNegations),
          new RewriteRule<>("neg x * c → x * (−c)", Mul.class, ProductRules::negateConstant),
          new RewriteRule<>("x / 1 → x", Div.class, ProductRules::dropOne),
          new RewriteRule<>("x / −1 → neg x", Div.class, ProductRules::negate),
          new RewriteRule<>("neg x / neg y → x / y", Div.class, ProductRules::dropNegations),
          new RewriteRule<>("x / c → x * (1/c)", Div.class, ProductRules::multiplyByReciprocal),
          new RewriteRule<>("pow(x, c) → product, root", Pow.class, ProductRules::constantPower));

  private ProductRules() {}

  private static Optional<Value> constantLast(Mul op, Node node, RewriteScope scope) {
    return Operands.isConstantFirst(node, scope)
        ? Optional.of(scope.builder().one(op, node.operand(1), node.operand(0)))
        : Optional.empty();
  }

  private static Optional<Value> dropOne(Op op, Node node, RewriteScope scope) {
    return scope.isUniformly(node.operand(1), 1) ? Optional.of(node.operand(0)) : Optional.empty();
  }

  private static Optional<Value> integerZero(Mul op, Node node, RewriteScope scope) {
    boolean holds = !node.result().dtype().isFloat() && scope.isUniformly(node.operand(1), 0);
    return holds ? Optional.of(scope.builder().like(node.result(), 0)) : Optional.empty();
  }

  private static Optional<Value> negate(Op op, Node node, RewriteScope scope) {
    boolean holds = node.result().dtype().isFloat() && scope.isUniformly(node.operand(1), -1);
    return holds ? Optional.of(scope.builder().neg(node.operand(0))) : Optional.empty();
  }

  private static Optional<Value> dropNegations(Op op, Node node, RewriteScope scope) {
    if (!node.result().dtype().isFloat()) {
      return Optional.empty();
    }
    Optional<Value> x = scope.operandOf(Neg.class, node.operand(0));
    Optional<Value> y = scope.operandOf(Neg.class, node.operand(1));
    return x.isPresent() && y.isPresent()
        ? Optional.of(scope.builder().one(op, x.get(), y.get()))
        : Optional.empty();
  }

  private static Optional<Value> negateConstant(Mul op, Node node, RewriteScope scope) {
    Optional<HostTensor> factor = scope.uniform(node.operand(1));
    if (factor.isEmpty() || !node.result().dtype().isFloat()) {
      return Optional.empty();
    }
    return scope
        .operandOf(Neg.class, node.operand(0))
        .map(x -> scope.builder().one(op, x, scope.builder().like(x, -factor.get().doubleAt(0))));
  }

  private static Optional<Value> multiplyByReciprocal(Div op, Node node, RewriteScope scope) {
    DType dtype = node.result().dtype();
    Optional<HostTensor> divisor =
        dtype.isFloat() ? scope.uniform(node.operand(1)) : Optional.empty();
    return divisor
        .filter(scalar -> hasExactReciprocal(scalar.doubleAt(0), dtype))
        .map(scalar -> {
          BodyBuilder b = scope.builder();
          return b.one(new Mul(), node.operand(0), b.like(node.operand(0), 1 / scalar.doubleAt(0)));
        });
  }

  /** Whether the number is a power of two, with a reciprocal that is normal in the type. */
  private static boolean hasExactReciprocal(double number, DType dtype) {
    long significand = Double.doubleToLongBits(number) & 0x000f_ffff_ffff_ffffL;
    int limit =
        switch (dtype) {
          case F64 -> Double.MAX_EXPONENT - 1;
          case F32, BF16 -> Float.MAX_EXPONENT - 1;
          case F16 -> 14;
          case I64, I32, I8, U8, BOOL -> -1;
        };
    return significand == 0 && Math.abs(Math.getExponent(number)) <= limit;
  }

  private static Optional<Value> constantPower(Pow op, Node node, RewriteScope scope) {
    Value x = node.operand(0);
    Value exponent = node.operand(1);
    BodyBuilder b = scope.builder();
    if (scope.isUniformly(exponent, 1)) {
      return Optional.of(x);
    }
    boolean zero = scope.isUniformly(exponent, 0) || scope.isUniformly(exponent, -0.0);
    if (zero) {
      return Optional.of(b.like(x, 1));
    }
    if (scope.isUniformly(exponent, 2)) {
      return Optional.of(b.one(new Mul(), x, x));
    }
    if (!x.dtype().isFloat()) {
      return Optional.empty();
    }
    if (scope.isUniformly(exponent, -1)) {
      return Optional.of(b.one(new Div(), b.like(x, 1), x));
    }
    boolean root = scope.isUniformly(exponent, 0.5) && SignFacts.isNeverSigned(x, scope);
    return root ? Optional.of(b.sqrt(x)) : Optional.empty();
  }
}
