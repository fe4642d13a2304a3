package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Argument;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Parameter;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.dsl.syntax.Subscript;
import dev.dlm.dsl.syntax.TypeExpression;
import java.util.List;
import java.util.Optional;

/**
 * Finds unknown names in models, layers and functions, whether or not a model uses them. It knows
 * no order: a name that the code binds anywhere counts as known.
 */
final class NameChecker {
  private final Frame file;

  NameChecker(Frame file) {
    this.file = file;
  }

  void check(Module module) {
    for (Declaration declaration : module.declarations()) {
      switch (declaration) {
        case Declaration.Function f -> {
          Scope scope = parameters(f.parameters(), new Scope());
          f.results().forEach(type -> bindNames(type, scope));
          check(f.body(), scope);
        }
        case Declaration.Component c -> {
          Scope scope = parameters(c.parameters(), new Scope());
          check(c.construction(), scope);
          c.apply()
              .ifPresent(apply -> {
                Scope inner = parameters(apply.parameters(), new Scope(scope));
                apply.results().forEach(type -> bindNames(type, inner));
                check(apply.body(), inner);
              });
        }
        case Declaration.Model m -> check(m.body(), parameters(m.parameters(), new Scope()));
        case Declaration.Import _,
            Declaration.Train _,
            Declaration.Test _,
            Declaration.Constant _,
            Declaration.Invalid _ -> {}
      }
    }
  }

  private Scope parameters(List<Parameter> parameters, Scope scope) {
    for (Parameter parameter : parameters) {
      parameter.type().ifPresent(type -> bindNames(type, scope));
      parameter.standard().ifPresent(value -> check(value, scope));
      bind(parameter.name().text(), scope);
    }
    return scope;
  }

  private static void bind(String name, Scope scope) {
    scope.bind(name, new Meaning.Poison());
  }

  /** Names in a parameter's type are bound by what they meet. */
  private static void bindNames(TypeExpression type, Scope scope) {
    if (type.dimensions().isPresent()) {
      bind(type.name().text(), scope);
    }
    for (TypeExpression.Dimension dimension : type.dimensions().orElse(List.of())) {
      switch (dimension) {
        case TypeExpression.Spread spread -> bind(spread.name().text(), scope);
        case TypeExpression.Size size -> {
          if (size.value() instanceof Expression.Reference reference) {
            bind(reference.name(), scope);
          }
        }
      }
    }
  }

  private void check(List<Statement> statements, Scope scope) {
    for (Statement statement : statements) {
      bindAll(statement, scope);
    }
    for (Statement statement : statements) {
      check(statement, scope);
    }
  }

  private static void bindAll(Statement statement, Scope scope) {
    StatementRunner.boundNames(statement).forEach(name -> bind(name, scope));
    switch (statement) {
      case Statement.Repeat repeat -> {
        bind(repeat.name().text(), scope);
        repeat.body().forEach(inner -> bindAll(inner, scope));
      }
      case Statement.If condition -> {
        condition.yes().forEach(inner -> bindAll(inner, scope));
        condition.no().forEach(inner -> bindAll(inner, scope));
      }
      case Statement.Input input -> bindNames(input.type(), scope);
      case Statement.Binding _,
          Statement.Weight _,
          Statement.State _,
          Statement.Stream _,
          Statement.Next _,
          Statement.Output _,
          Statement.Loss _,
          Statement.Metric _,
          Statement.Where _,
          Statement.Return _,
          Statement.Yield _,
          Statement.Expect _,
          Statement.Invalid _ -> {}
    }
  }

  private void check(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Binding s -> check(s.value(), scope);
      case Statement.Weight s -> {
        check(s.type(), scope);
        check(s.initializer(), scope);
      }
      case Statement.State s -> {
        check(s.type(), scope);
        check(s.initializer(), scope);
      }
      case Statement.Stream s -> check(s.type(), scope);
      case Statement.Next s -> check(s.value(), scope);
      case Statement.Output s -> s.value().ifPresent(value -> check(value, scope));
      case Statement.Loss s -> check(s.value(), scope);
      case Statement.Metric s -> check(s.value(), scope);
      case Statement.If s -> {
        check(s.condition(), scope);
        s.yes().forEach(inner -> check(inner, scope));
        s.no().forEach(inner -> check(inner, scope));
      }
      case Statement.Repeat s -> {
        check(s.start(), scope);
        s.end().ifPresent(end -> check(end, scope));
        s.body().forEach(inner -> check(inner, scope));
      }
      case Statement.Where s -> check(s.condition(), scope);
      case Statement.Return s -> s.values().forEach(value -> check(value, scope));
      case Statement.Yield s -> s.values().forEach(value -> check(value, scope));
      case Statement.Expect s -> {
        check(s.actual(), scope);
        s.expected().ifPresent(value -> check(value, scope));
        s.tolerance().ifPresent(value -> check(value, scope));
      }
      case Statement.Input _, Statement.Invalid _ -> {}
    }
  }

  private void check(TypeExpression type, Scope scope) {
    for (TypeExpression.Dimension dimension : type.dimensions().orElse(List.of())) {
      switch (dimension) {
        case TypeExpression.Spread spread ->
            reference(new Expression.Reference(spread.name().span(), spread.name().text()), scope);
        case TypeExpression.Size size -> check(size.value(), scope);
      }
    }
  }

  private void check(Expression expression, Scope scope) {
    switch (expression) {
      case Expression.Reference e -> reference(e, scope);
      case Expression.Member e -> member(e, scope);
      case Expression.Call e -> {
        check(e.callee(), scope);
        for (Argument argument : e.arguments()) {
          check(argument.value(), scope);
        }
      }
      case Expression.Index e -> {
        check(e.target(), scope);
        e.subscripts().forEach(subscript -> check(subscript, scope));
      }
      case Expression.Named e -> {
        check(e.value(), scope);
        e.indices().forEach(index -> check(index, scope));
      }
      case Expression.Unary e -> check(e.operand(), scope);
      case Expression.Binary e -> {
        check(e.left(), scope);
        check(e.right(), scope);
      }
      case Expression.Pipeline e -> {
        check(e.value(), scope);
        check(e.stage(), scope);
      }
      case Expression.ListLiteral e -> e.elements().forEach(element -> check(element, scope));
      case Expression.Comprehension e -> {
        check(e.values(), scope);
        Scope inner = new Scope(scope);
        bind(e.name().text(), inner);
        check(e.element(), inner);
      }
      case Expression.Conditional e -> {
        check(e.condition(), scope);
        check(e.yes(), scope);
        check(e.no(), scope);
      }
      case Expression.Scan e -> scan(e, scope);
      case Expression.While e -> {
        Scope inner = carried(e.carried(), scope);
        check(e.condition(), inner);
        e.limit().ifPresent(limit -> check(limit, scope));
        check(e.body(), inner);
      }
      case Expression.Cond e -> {
        check(e.condition(), scope);
        check(e.yes(), new Scope(scope));
        check(e.no(), new Scope(scope));
      }
      case Expression.IntegerLiteral _,
          Expression.FloatLiteral _,
          Expression.StringLiteral _,
          Expression.BoolLiteral _ -> {}
    }
  }

  private void check(Subscript subscript, Scope scope) {
    switch (subscript) {
      case Subscript.Position position -> check(position.value(), scope);
      case Subscript.Range range -> {
        range.start().ifPresent(value -> check(value, scope));
        range.end().ifPresent(value -> check(value, scope));
        range.step().ifPresent(value -> check(value, scope));
      }
      case Subscript.Ellipsis _ -> {}
    }
  }

  private void scan(Expression.Scan scan, Scope scope) {
    for (Expression.Scanned sequence : scan.sequences()) {
      check(sequence.start(), scope);
      sequence.end().ifPresent(end -> check(end, scope));
    }
    check(scan.reversed(), scope);
    scan.axis().ifPresent(axis -> check(axis, scope));
    check(scan.recompute(), scope);
    Scope inner = carried(scan.carried(), scope);
    scan.names().forEach(name -> bind(name.text(), inner));
    check(scan.body(), inner);
  }

  private Scope carried(List<Expression.Carried> carried, Scope scope) {
    Scope inner = new Scope(scope);
    for (Expression.Carried carry : carried) {
      check(carry.initial(), scope);
      bind(carry.name().text(), inner);
    }
    return inner;
  }

  private void member(Expression.Member member, Scope scope) {
    boolean imported =
        member.target() instanceof Expression.Reference target
            && scope.find(target.name()).isEmpty()
            && file.module().findImport(target.name()).isPresent();
    if (!imported) {
      check(member.target(), scope);
      return;
    }
    try {
      new Evaluator(file).evaluate(member);
    } catch (Problem problem) {
      file.run().problems().report(problem);
    }
  }

  private void reference(Expression.Reference reference, Scope scope) {
    if (reference.name().equals("weights") || scope.find(reference.name()).isPresent()) {
      return;
    }
    Frame frame =
        new Frame(
            file.run(), file.module(), Frame.Kind.FILE, scope, Owner.root(), Optional.empty());
    try {
      if (Resolver.find(frame, reference.name(), reference.span()).isEmpty()) {
        throw Resolver.unknown(frame, reference.name(), reference.span());
      }
    } catch (Problem problem) {
      file.run().problems().report(problem);
    }
  }
}
