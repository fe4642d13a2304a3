package dev.dlm.dsl.syntax;

import java.util.List;
import java.util.Optional;

/** An expression. */
public sealed interface Expression {

  /** Where it stands. */
  Span span();

  /** A whole number. */
  record IntegerLiteral(Span span, long value) implements Expression {}

  /** A number with a fraction or an exponent. */
  record FloatLiteral(Span span, double value) implements Expression {}

  /** A text in quotes, its escapes resolved. */
  record StringLiteral(Span span, String value) implements Expression {}

  /** {@code true} or {@code false}. */
  record BoolLiteral(Span span, boolean value) implements Expression {}

  /** The value a name stands for. */
  record Reference(Span span, String name) implements Expression {}

  /** {@code target.member}. */
  record Member(Span span, Expression target, Name member) implements Expression {}

  /** {@code callee(arguments)}. */
  record Call(Span span, Expression callee, List<Argument> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code target[subscripts]}. */
  record Index(Span span, Expression target, List<Subscript> subscripts) implements Expression {
    public Index {
      subscripts = List.copyOf(subscripts);
    }
  }

  /**
   * {@code value named name[i]}: the layer that {@code value} makes gets this name.
   *
   * @param indices construction values that follow the name in brackets
   */
  record Named(Span span, Expression value, Name name, List<Expression> indices)
      implements Expression {
    public Named {
      indices = List.copyOf(indices);
    }
  }

  /** {@code operator operand}. */
  record Unary(Span span, UnaryOperator operator, Expression operand) implements Expression {}

  /** {@code left operator right}. */
  record Binary(Span span, BinaryOperator operator, Expression left, Expression right)
      implements Expression {}

  /** {@code value |> stage}. */
  record Pipeline(Span span, Expression value, Expression stage) implements Expression {}

  /** {@code [a, b, c]}. */
  record ListLiteral(Span span, List<Expression> elements) implements Expression {
    public ListLiteral {
      elements = List.copyOf(elements);
    }
  }

  /** {@code [element for name in values]}. */
  record Comprehension(Span span, Expression element, Name name, Expression values)
      implements Expression {}

  /** {@code if condition then yes else no}, decided at elaboration. */
  record Conditional(Span span, Expression condition, Expression yes, Expression no)
      implements Expression {}

  /**
   * {@code scan names in sequences over axis k carry name = initial { … yield value }}: a loop in
   * the graph along one axis.
   */
  record Scan(
      Span span,
      List<Name> names,
      List<Expression> sequences,
      Expression axis,
      List<Carried> carried,
      List<Statement> body)
      implements Expression {
    public Scan {
      names = List.copyOf(names);
      sequences = List.copyOf(sequences);
      carried = List.copyOf(carried);
      body = List.copyOf(body);
    }
  }

  /** A value that a scan carries from step to step. */
  record Carried(Span span, Name name, Expression initial) {}

  /** An operator with one operand. */
  enum UnaryOperator {
    NEGATE("-"),
    NOT("not");

    private final String symbol;

    UnaryOperator(String symbol) {
      this.symbol = symbol;
    }

    /** As written in the source. */
    public String symbol() {
      return symbol;
    }
  }

  /** An operator with two operands. */
  enum BinaryOperator {
    POWER("**"),
    TIMES("*"),
    DIVIDE("/"),
    REMAINDER("%"),
    MATRIX_PRODUCT("@"),
    PLUS("+"),
    MINUS("-"),
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    AND("and"),
    OR("or");

    private final String symbol;

    BinaryOperator(String symbol) {
      this.symbol = symbol;
    }

    /** As written in the source. */
    public String symbol() {
      return symbol;
    }

    /** The operator written {@code symbol}, if there is one. */
    public static Optional<BinaryOperator> of(String symbol) {
      for (BinaryOperator operator : values()) {
        if (operator.symbol.equals(symbol)) {
          return Optional.of(operator);
        }
      }
      return Optional.empty();
    }
  }
}
