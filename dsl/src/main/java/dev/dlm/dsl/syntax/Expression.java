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
   *
   * @param reversed whether it goes from the end to the start, known at elaboration
   * @param axis the axis of the sequences; the first one where it is left out
   * @param recompute whether gradients compute the inside of each step again instead of keeping it
   */
  record Scan(
      Span span,
      List<Name> names,
      List<Scanned> sequences,
      Expression reversed,
      Optional<Expression> axis,
      Expression recompute,
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

  /**
   * {@code while condition carry name = initial limit n { … }}: a loop in the graph.
   *
   * @param limit the most steps that it takes
   */
  record While(
      Span span,
      Expression condition,
      List<Carried> carried,
      Optional<Expression> limit,
      List<Statement> body)
      implements Expression {
    public While {
      carried = List.copyOf(carried);
      body = List.copyOf(body);
    }
  }

  /** {@code cond condition { … yield value } else { … yield value }}: a choice in the graph. */
  record Cond(Span span, Expression condition, List<Statement> yes, List<Statement> no)
      implements Expression {
    public Cond {
      yes = List.copyOf(yes);
      no = List.copyOf(no);
    }
  }

  /** What a scan goes along: a tensor, or the numbers from {@code start} up to {@code end}. */
  record Scanned(Span span, Expression start, Optional<Expression> end) {}

  /** A value that a scan or a loop carries from step to step. */
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
