package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.elaborate.Frame.Kind;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs statements in order. A mistake ends its statement alone: the names it was to bind are
 * poisoned, so that their uses are no further mistakes.
 */
final class StatementRunner {
  private static final long MAXIMUM_REPETITIONS = 100_000;

  private final Frame frame;
  private final Evaluator evaluator;

  StatementRunner(Frame frame) {
    this.frame = frame;
    this.evaluator = new Evaluator(frame);
  }

  void run(List<Statement> statements) {
    for (Statement statement : statements) {
      if (frame.result().isPresent()) {
        return;
      }
      try {
        if (!frame.run().countStatement()) {
          throw Problem.endingAllCalls(
              frame.diagnostic("too-many-statements", "this file does not end", statement.span()));
        }
        run(statement);
      } catch (Problem problem) {
        frame.fails();
        // A second declaration is the mistake; the first one stands.
        boolean again = problem.diagnostic().filter(d -> isSecond(d, statement)).isPresent();
        if (!again) {
          boundNames(statement).forEach(name -> frame.scope().bind(name, new Meaning.Poison()));
        }
        // A mistake met in library code is the caller's, and ends the call.
        boolean passedOn = problem.endsAllCalls() || frame.module().isLibrary();
        if (passedOn && frame.chain().isPresent()) {
          throw problem;
        }
        frame.run().problems().report(problem);
      }
    }
  }

  private static boolean isSecond(Diagnostic diagnostic, Statement statement) {
    return diagnostic.code().equals("duplicate-name") && !(statement instanceof Statement.Binding);
  }

  private void run(Statement statement) {
    switch (statement) {
      case Statement.Binding s -> binding(s.names(), s.value());
      case Statement.If s -> {
        boolean yes = evaluator.truth(s.condition(), "if");
        run(yes ? s.yes() : s.no());
      }
      case Statement.Repeat s -> repeat(s);
      case Statement.Return s -> {
        require(
            frame.inside().isEmpty()
                && frame.kind() != Kind.MODEL
                && frame.kind() != Kind.TEST
                && frame.kind() != Kind.CONSTRUCTION,
            "return",
            "a function or apply",
            s);
        List<Meaning> values = s.values().stream().map(evaluator::evaluate).toList();
        frame.returns(
            values.size() == 1 ? values.getFirst() : new Meaning.Sequence(values), s.span());
      }
      case Statement.Weight s -> {
        require(
            frame.kind() == Kind.MODEL || frame.kind() == Kind.LAYER,
            "weight",
            "a model or the apply of a layer",
            s);
        new VariableDeclarations(frame).weight(s);
      }
      case Statement.State s -> {
        require(
            frame.kind() == Kind.MODEL
                || frame.kind() == Kind.LAYER
                || frame.kind() == Kind.OPTIMIZER,
            "state",
            "a model or the apply of a layer or optimizer",
            s);
        new VariableDeclarations(frame).state(s);
      }
      case Statement.Stream s -> {
        require(
            frame.kind() == Kind.MODEL || frame.kind() == Kind.LAYER,
            "stream",
            "a model or the apply of a layer",
            s);
        new VariableDeclarations(frame).stream(s);
      }
      case Statement.Next s -> {
        require(
            frame.kind() == Kind.MODEL
                || frame.kind() == Kind.LAYER
                || frame.kind() == Kind.OPTIMIZER,
            "next",
            "a model or the apply of a layer or optimizer",
            s);
        new VariableDeclarations(frame).next(s);
      }
      case Statement.Loss s when frame.roles().isEmpty() && isPlainName(s) ->
          binding(List.of(s.name()), s.value());
      case Statement.Input s -> roles(s).input(s);
      case Statement.Output s -> roles(s).output(s);
      case Statement.Loss s -> roles(s).loss(s);
      case Statement.Metric s -> roles(s).metric(s);
      case Statement.Where s -> new Conditions(frame).where(s);
      case Statement.Expect s -> {
        if (frame.expectations().isEmpty()) {
          throw misplaced("expect", "a test", s);
        }
        frame.expectations().get().add(s, frame);
      }
      case Statement.Yield s -> {
        require(
            frame.inside().filter(InnerCode::mayYield).isPresent(),
            "yield",
            "a scan or a branch of cond",
            s);
        s.values().forEach(v -> frame.inside().get().handOut(evaluator.evaluate(v), v.span()));
      }
      case Statement.Invalid _ -> throw Problem.consequence();
    }
  }

  /** {@code loss = …} outside of a model binds a plain name. */
  private static boolean isPlainName(Statement.Loss statement) {
    return statement.name().span().line() == statement.span().line()
        && statement.name().span().column() == statement.span().column();
  }

  private RoleStatements roles(Statement statement) {
    Roles roles =
        frame
            .roles()
            .orElseThrow(() -> {
              String keyword =
                  switch (statement) {
                    case Statement.Input _ -> "input";
                    case Statement.Output _ -> "output";
                    case Statement.Metric _ -> "metric";
                    case Statement.Loss _,
                        Statement.Binding _,
                        Statement.Weight _,
                        Statement.State _,
                        Statement.Stream _,
                        Statement.Next _,
                        Statement.If _,
                        Statement.Repeat _,
                        Statement.Where _,
                        Statement.Return _,
                        Statement.Yield _,
                        Statement.Expect _,
                        Statement.Invalid _ ->
                        "loss";
                  };
              return misplaced(keyword, "a model", statement);
            });
    return new RoleStatements(frame, roles);
  }

  private void require(boolean allowed, String keyword, String where, Statement statement) {
    if (!allowed) {
      throw misplaced(keyword, where, statement);
    }
  }

  private Problem misplaced(String keyword, String where, Statement statement) {
    String inside = frame.inside().map(code -> ", outside of '" + code.keyword() + "'").orElse("");
    return frame.problem(
        "misplaced-statement", "'" + keyword + "' belongs in " + where + inside, statement.span());
  }

  private void binding(List<Name> names, Expression expression) {
    if (names.size() == 1) {
      String name = names.getFirst().text();
      Meaning value = evaluator.evaluate(expression, Optional.of(name));
      frame.scope().bind(name, value);
      return;
    }
    Meaning value = evaluator.evaluate(expression);
    if (!(value instanceof Meaning.Sequence sequence)
        || sequence.elements().size() != names.size()) {
      String given =
          value instanceof Meaning.Sequence sequence
              ? sequence.elements().size() + " values"
              : value.kind();
      throw frame.problem("result-count", names.size() + " names for " + given, expression.span());
    }
    for (int i = 0; i < names.size(); i++) {
      frame.scope().bind(names.get(i).text(), sequence.elements().get(i));
    }
  }

  private void repeat(Statement.Repeat repeat) {
    List<Meaning> values;
    if (repeat.end().isEmpty()) {
      values = evaluator.sequence(repeat.start());
    } else {
      long start = evaluator.integer(repeat.start(), "repeat");
      long end = evaluator.integer(repeat.end().get(), "repeat");
      if (end - start > MAXIMUM_REPETITIONS) {
        throw frame.problem(
            "too-many-statements",
            "repeat makes "
                + (end - start)
                + " copies, and "
                + MAXIMUM_REPETITIONS
                + " is the most",
            repeat.end().get().span());
      }
      values = new ArrayList<>();
      for (long i = start; i < end; i++) {
        values.add(Meaning.Size.of(i));
      }
    }
    for (Meaning value : values) {
      frame.scope().bind(repeat.name().text(), value);
      run(repeat.body());
      if (frame.result().isPresent()) {
        return;
      }
    }
  }

  /** The names that a statement binds, so that they can be poisoned. */
  static List<String> boundNames(Statement statement) {
    List<String> names = new ArrayList<>();
    switch (statement) {
      case Statement.Binding s -> s.names().forEach(name -> names.add(name.text()));
      case Statement.Input s -> names.add(s.name().text());
      case Statement.Weight s -> names.add(s.name().text());
      case Statement.State s -> names.add(s.name().text());
      case Statement.Stream s -> names.add(s.name().text());
      case Statement.Output s -> names.add(s.name().text());
      case Statement.Loss s -> names.add(s.name().text());
      case Statement.Metric s -> names.add(s.name().text());
      case Statement.Invalid s -> s.names().forEach(name -> names.add(name.text()));
      case Statement.If s -> {
        s.yes().forEach(inner -> names.addAll(boundNames(inner)));
        s.no().forEach(inner -> names.addAll(boundNames(inner)));
      }
      case Statement.Repeat s -> s.body().forEach(inner -> names.addAll(boundNames(inner)));
      case Statement.Next _,
          Statement.Where _,
          Statement.Return _,
          Statement.Yield _,
          Statement.Expect _ -> {}
    }
    return names;
  }
}
