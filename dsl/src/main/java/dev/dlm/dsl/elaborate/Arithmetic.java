package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.ir.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators on construction values. */
final class Arithmetic {
  private Arithmetic() {}

  static Meaning apply(Frame frame, Expression.Binary expression, Meaning left, Meaning right) {
    BinaryOperator operator = expression.operator();
    try {
      Optional<Meaning> result = find(operator, left, right);
      if (result.isPresent()) {
        return result.get();
      }
    } catch (ArithmeticException e) {
      throw frame.problem("arithmetic", "this has no value: " + e.getMessage(), expression.span());
    }
    boolean sizes = left instanceof Meaning.Size && right instanceof Meaning.Size;
    if (sizes) {
      throw frame.problem(
          "undecided-size",
          "'"
              + left
              + " "
              + operator.symbol()
              + " "
              + right
              + "' is not known before anything runs",
          expression.span(),
          Optional.of("'where' states what must hold of sizes"));
    }
    throw frame.problem(
        "type-mismatch",
        "'" + operator.symbol() + "' does not apply to " + left.kind() + " and " + right.kind(),
        expression.span());
  }

  private static Optional<Meaning> find(BinaryOperator operator, Meaning left, Meaning right) {
    if (left instanceof Meaning.Size(Dim a) && right instanceof Meaning.Size(Dim b)) {
      return onSizes(operator, a, b);
    }
    Optional<Double> a = number(left);
    Optional<Double> b = number(right);
    if (a.isPresent() && b.isPresent()) {
      return onReals(operator, a.get(), b.get());
    }
    if (left instanceof Meaning.Truth(boolean p) && right instanceof Meaning.Truth(boolean q)) {
      return onTruths(operator, p, q);
    }
    if (left instanceof Meaning.Text(String p) && right instanceof Meaning.Text(String q)) {
      return operator == BinaryOperator.PLUS
          ? Optional.of(new Meaning.Text(p + q))
          : onEquals(operator, p.equals(q));
    }
    if (left instanceof Meaning.ElementType p && right instanceof Meaning.ElementType q) {
      return onEquals(operator, p.equals(q));
    }
    if (left instanceof Meaning.Sequence p && right instanceof Meaning.Sequence q) {
      if (operator == BinaryOperator.PLUS) {
        List<Meaning> both = new ArrayList<>(p.elements());
        both.addAll(q.elements());
        return Optional.of(new Meaning.Sequence(both));
      }
      return onEquals(operator, p.equals(q));
    }
    // Values of different kinds are different: a parameter may take an int or the text "same".
    boolean texts = left instanceof Meaning.Text || right instanceof Meaning.Text;
    return texts ? onEquals(operator, false) : Optional.empty();
  }

  private static Optional<Double> number(Meaning meaning) {
    if (meaning instanceof Meaning.Real real) {
      return Optional.of(real.value());
    }
    if (meaning instanceof Meaning.Size size) {
      return size.dim().constant().map(Long::doubleValue);
    }
    return Optional.empty();
  }

  private static Optional<Meaning> onSizes(BinaryOperator operator, Dim a, Dim b) {
    return switch (operator) {
      case PLUS -> Optional.of(new Meaning.Size(a.plus(b)));
      case MINUS -> Optional.of(new Meaning.Size(a.minus(b)));
      case TIMES -> Optional.of(new Meaning.Size(a.times(b)));
      case DIVIDE -> Optional.of(new Meaning.Size(a.floorDividedBy(b)));
      case REMAINDER -> Optional.of(new Meaning.Size(a.minus(a.floorDividedBy(b).times(b))));
      case POWER ->
          a.isConstant() && b.isConstant() && b.asLong() >= 0 && b.asLong() < 64
              ? Optional.of(Meaning.Size.of(power(a.asLong(), b.asLong())))
              : Optional.empty();
      case EQUAL -> decided(a, b).map(d -> new Meaning.Truth(d == 0));
      case NOT_EQUAL -> decided(a, b).map(d -> new Meaning.Truth(d != 0));
      case LESS -> decided(a, b).map(d -> new Meaning.Truth(d < 0));
      case LESS_OR_EQUAL -> decided(a, b).map(d -> new Meaning.Truth(d <= 0));
      case GREATER -> decided(a, b).map(d -> new Meaning.Truth(d > 0));
      case GREATER_OR_EQUAL -> decided(a, b).map(d -> new Meaning.Truth(d >= 0));
      case AND, OR, MATRIX_PRODUCT -> Optional.empty();
    };
  }

  private static Optional<Long> decided(Dim a, Dim b) {
    return a.minus(b).constant();
  }

  private static long power(long base, long exponent) {
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static Optional<Meaning> onReals(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case PLUS -> Optional.of(new Meaning.Real(a + b));
      case MINUS -> Optional.of(new Meaning.Real(a - b));
      case TIMES -> Optional.of(new Meaning.Real(a * b));
      case DIVIDE -> Optional.of(new Meaning.Real(a / b));
      case REMAINDER -> Optional.of(new Meaning.Real(a % b));
      case POWER -> Optional.of(new Meaning.Real(StrictMath.pow(a, b)));
      case EQUAL -> Optional.of(new Meaning.Truth(a == b));
      case NOT_EQUAL -> Optional.of(new Meaning.Truth(a != b));
      case LESS -> Optional.of(new Meaning.Truth(a < b));
      case LESS_OR_EQUAL -> Optional.of(new Meaning.Truth(a <= b));
      case GREATER -> Optional.of(new Meaning.Truth(a > b));
      case GREATER_OR_EQUAL -> Optional.of(new Meaning.Truth(a >= b));
      case AND, OR, MATRIX_PRODUCT -> Optional.empty();
    };
  }

  private static Optional<Meaning> onTruths(BinaryOperator operator, boolean a, boolean b) {
    return switch (operator) {
      case AND -> Optional.of(new Meaning.Truth(a && b));
      case OR -> Optional.of(new Meaning.Truth(a || b));
      case EQUAL, NOT_EQUAL -> onEquals(operator, a == b);
      case PLUS,
          MINUS,
          TIMES,
          DIVIDE,
          REMAINDER,
          POWER,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          MATRIX_PRODUCT ->
          Optional.empty();
    };
  }

  private static Optional<Meaning> onEquals(BinaryOperator operator, boolean equal) {
    return switch (operator) {
      case EQUAL -> Optional.of(new Meaning.Truth(equal));
      case NOT_EQUAL -> Optional.of(new Meaning.Truth(!equal));
      case PLUS,
          MINUS,
          TIMES,
          DIVIDE,
          REMAINDER,
          POWER,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          AND,
          OR,
          MATRIX_PRODUCT ->
          Optional.empty();
    };
  }
}
