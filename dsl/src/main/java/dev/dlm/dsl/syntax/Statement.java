package dev.dlm.dsl.syntax;

import java.util.List;
import java.util.Optional;

/** A statement of a model, a layer, a function or a test. */
public sealed interface Statement {

  /** Where it stands. */
  Span span();

  /** {@code a, b = value}. */
  record Binding(Span span, List<Name> names, Expression value) implements Statement {
    public Binding {
      names = List.copyOf(names);
    }
  }

  /** {@code input name: type}. */
  record Input(Span span, Name name, TypeExpression type, String documentation)
      implements Statement {}

  /** {@code weight name: type = initializer}. */
  record Weight(
      Span span, Name name, TypeExpression type, Expression initializer, String documentation)
      implements Statement {}

  /**
   * {@code state name: type = initializer}: a variable that training writes and no gradient
   * reaches.
   */
  record State(
      Span span, Name name, TypeExpression type, Expression initializer, String documentation)
      implements Statement {}

  /** {@code stream name: type}: a variable of which each stream of predictions has its own. */
  record Stream(Span span, Name name, TypeExpression type, String documentation)
      implements Statement {}

  /**
   * {@code next name = value}: the value that a state variable has in the next training step, or a
   * stream variable in the next call of its stream.
   */
  record Next(Span span, Name name, Expression value) implements Statement {}

  /** {@code output name = value}; without a value, the value that {@code name} is bound to. */
  record Output(Span span, Name name, Optional<Expression> value, String documentation)
      implements Statement {}

  /** {@code loss = value} or {@code loss name = value}. */
  record Loss(Span span, Name name, Expression value, String documentation) implements Statement {}

  /** {@code metric name = value}. */
  record Metric(Span span, Name name, Expression value, String documentation)
      implements Statement {}

  /** {@code if condition { … } else { … }}, decided at elaboration. */
  record If(Span span, Expression condition, List<Statement> yes, List<Statement> no)
      implements Statement {
    public If {
      yes = List.copyOf(yes);
      no = List.copyOf(no);
    }
  }

  /** {@code repeat name in start..end { … }} or {@code repeat name in list { … }}. */
  record Repeat(
      Span span, Name name, Expression start, Optional<Expression> end, List<Statement> body)
      implements Statement {
    public Repeat {
      body = List.copyOf(body);
    }
  }

  /** {@code where condition}: what must hold of the sizes. */
  record Where(Span span, Expression condition) implements Statement {}

  /** {@code return a, b}. */
  record Return(Span span, List<Expression> values) implements Statement {
    public Return {
      values = List.copyOf(values);
    }
  }

  /** {@code yield a, b}: what a scan hands out at each step. */
  record Yield(Span span, List<Expression> values) implements Statement {
    public Yield {
      values = List.copyOf(values);
    }
  }

  /** {@code expect actual}, or {@code expect actual ≈ expected within tolerance}. */
  record Expect(
      Span span, Expression actual, Optional<Expression> expected, Optional<Expression> tolerance)
      implements Statement {}

  /**
   * A statement that could not be read; an error has been reported.
   *
   * @param names the names that it was to bind, as far as can be seen
   */
  record Invalid(Span span, List<Name> names) implements Statement {
    public Invalid {
      names = List.copyOf(names);
    }
  }
}
