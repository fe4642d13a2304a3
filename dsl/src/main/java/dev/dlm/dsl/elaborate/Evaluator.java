package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Argument;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Evaluates expressions: construction values at once, tensors by adding to the graph. */
final class Evaluator {
  private final Frame frame;

  Evaluator(Frame frame) {
    this.frame = frame;
  }

  /**
   * What {@code expression} stands for; never poison.
   *
   * @throws Problem if it holds a mistake
   */
  Meaning evaluate(Expression expression) {
    return evaluate(expression, Optional.empty());
  }

  /**
   * Likewise.
   *
   * @param name what a layer that the expression makes is called
   */
  Meaning evaluate(Expression expression, Optional<String> name) {
    frame.run().trace().body().at(frame.locate(expression.span()));
    Meaning meaning = meaning(expression, name);
    if (meaning instanceof Meaning.Poison) {
      throw Problem.consequence();
    }
    if (meaning instanceof Meaning.Tensor tensor
        && tensor.traced().trace() != frame.run().trace()) {
      throw frame.problem(
          "type-mismatch",
          "this tensor belongs to the graph of the model, and an initializer has its own",
          expression.span(),
          Optional.of("make it in the apply of the initializer"));
    }
    return meaning;
  }

  private Meaning meaning(Expression expression, Optional<String> name) {
    return switch (expression) {
      case Expression.IntegerLiteral e -> Meaning.Size.of(e.value());
      case Expression.FloatLiteral e -> new Meaning.Real(e.value());
      case Expression.StringLiteral e -> new Meaning.Text(e.value());
      case Expression.BoolLiteral e -> new Meaning.Truth(e.value());
      case Expression.Reference e -> reference(e);
      case Expression.Member e -> member(e);
      case Expression.Call e -> call(e, name);
      case Expression.Index e -> new Indexing(frame).index(e, evaluate(e.target()));
      case Expression.Named e -> evaluate(e.value(), Optional.of(explicitName(e)));
      case Expression.Unary e -> new Operators(frame).unary(e, evaluate(e.operand()));
      case Expression.Binary e -> binary(e);
      case Expression.Pipeline e -> pipeline(e, name);
      case Expression.ListLiteral e ->
          new Meaning.Sequence(e.elements().stream().map(this::evaluate).toList());
      case Expression.Comprehension e -> comprehension(e);
      case Expression.Conditional e ->
          truth(e.condition(), "if") ? evaluate(e.yes(), name) : evaluate(e.no(), name);
      case Expression.Scan e -> new ScanElaborator(frame, e).elaborate();
      case Expression.While e -> new WhileElaborator(frame, e).elaborate();
      case Expression.Cond e -> new CondElaborator(frame, e).elaborate();
    };
  }

  private Meaning reference(Expression.Reference expression) {
    if (expression.name().equals("weights") && frame.scope().find("weights").isEmpty()) {
      return weightsBelow("");
    }
    return Resolver.resolve(frame, expression.name(), expression.span());
  }

  /** The weights at or below a path, as tensors. */
  Meaning.Sequence weightsBelow(String path) {
    List<Meaning> weights = new ArrayList<>();
    for (Variable variable : frame.run().variables().weightsBelow(path)) {
      weights.add(new Tensors(frame).read(variable, variable.location()));
    }
    return new Meaning.Sequence(weights);
  }

  private Meaning member(Expression.Member expression) {
    Meaning target = evaluate(expression.target());
    String member = expression.member().text();
    return Members.find(frame, target, member)
        .orElseThrow(() ->
            frame.problem(
                "unknown-name",
                target.kind() + " has no member '" + member + "'",
                expression.member().span(),
                LikelyName.help(member, Members.names(target))));
  }

  private Meaning call(Expression.Call call, Optional<String> name) {
    Meaning callee = evaluate(call.callee());
    return new Calls(frame).call(callee, arguments(call.arguments()), call.span(), name);
  }

  /** The arguments of a call, evaluated in order. */
  List<CallArgument> arguments(List<Argument> arguments) {
    List<CallArgument> evaluated = new ArrayList<>();
    for (Argument argument : arguments) {
      evaluated.add(
          new CallArgument(argument.name(), evaluate(argument.value()), argument.value().span()));
    }
    return evaluated;
  }

  private Meaning pipeline(Expression.Pipeline pipeline, Optional<String> name) {
    Meaning value = evaluate(pipeline.value());
    CallArgument piped = new CallArgument(Optional.empty(), value, pipeline.value().span());
    Expression stage = pipeline.stage();
    Optional<String> stageName = Optional.empty();
    if (stage instanceof Expression.Named named) {
      stageName = Optional.of(explicitName(named));
      stage = named.value();
    }
    Calls calls = new Calls(frame);
    if (!(stage instanceof Expression.Call call)) {
      Meaning callee = evaluate(stage, stageName);
      if (callee instanceof Meaning.Maker maker) {
        callee = calls.call(maker, List.of(), stage.span(), stageName);
      }
      return calls.call(callee, List.of(piped), stage.span(), stageName);
    }
    Meaning callee = evaluate(call.callee());
    List<CallArgument> arguments = new ArrayList<>(arguments(call.arguments()));
    if (callee instanceof Meaning.Maker) {
      Meaning made = calls.call(callee, arguments, call.span(), stageName);
      return calls.call(made, List.of(piped), call.span(), Optional.empty());
    }
    arguments.addFirst(piped);
    return calls.call(callee, arguments, call.span(), stageName);
  }

  private String explicitName(Expression.Named named) {
    StringBuilder name = new StringBuilder(named.name().text());
    for (Expression index : named.indices()) {
      Meaning value = evaluate(index);
      if (!(value instanceof Meaning.Size size && size.dim().isConstant())) {
        throw frame.problem(
            "type-mismatch", "an index of a name is an int, not " + value.kind(), index.span());
      }
      name.append('[').append(size).append(']');
    }
    if (frame.owner().isTaken(name.toString())) {
      throw frame.problem(
          "duplicate-name", "a layer named '" + name + "' is here already", named.name().span());
    }
    return name.toString();
  }

  private Meaning binary(Expression.Binary expression) {
    Meaning left = evaluate(expression.left());
    boolean decided =
        left instanceof Meaning.Truth truth
            && switch (expression.operator()) {
              case AND -> !truth.value();
              case OR -> truth.value();
              case POWER,
                  TIMES,
                  DIVIDE,
                  REMAINDER,
                  MATRIX_PRODUCT,
                  PLUS,
                  MINUS,
                  EQUAL,
                  NOT_EQUAL,
                  LESS,
                  LESS_OR_EQUAL,
                  GREATER,
                  GREATER_OR_EQUAL ->
                  false;
            };
    if (decided) {
      return left;
    }
    Meaning right = evaluate(expression.right());
    frame.run().trace().body().at(frame.locate(expression.span()));
    return new Operators(frame).binary(expression, left, right);
  }

  private Meaning comprehension(Expression.Comprehension expression) {
    List<Meaning> results = new ArrayList<>();
    String name = expression.name().text();
    Optional<Meaning> before = frame.scope().findHere(name);
    for (Meaning element : sequence(expression.values())) {
      frame.scope().bind(name, element);
      results.add(evaluate(expression.element()));
    }
    before.ifPresentOrElse(
        meaning -> frame.scope().bind(name, meaning), () -> frame.scope().unbind(name));
    return new Meaning.Sequence(results);
  }

  /** A list that an expression gives. */
  List<Meaning> sequence(Expression expression) {
    Meaning value = evaluate(expression);
    if (value instanceof Meaning.Sequence sequence) {
      return sequence.elements();
    }
    throw frame.problem(
        "type-mismatch", "this takes a list, not " + value.kind(), expression.span());
  }

  /** A condition that construction decides. */
  boolean truth(Expression expression, String statement) {
    Meaning value = evaluate(expression);
    if (value instanceof Meaning.Truth truth) {
      return truth.value();
    }
    if (value instanceof Meaning.Tensor) {
      throw frame.problem(
          "type-mismatch",
          statement + " is decided before anything runs, and this is " + value.kind(),
          expression.span(),
          Optional.of(
              "select(condition, a, b) chooses between tensors, 'cond' runs one of two branches"));
    }
    throw frame.problem(
        "type-mismatch", statement + " takes a bool, not " + value.kind(), expression.span());
  }

  /** An int that construction knows. */
  long integer(Expression expression, String what) {
    return integer(evaluate(expression), what, expression.span());
  }

  long integer(Meaning value, String what, Span span) {
    if (value instanceof Meaning.Size size && size.dim().isConstant()) {
      return size.dim().asLong();
    }
    if (value instanceof Meaning.Size size) {
      throw frame.problem(
          "type-mismatch",
          what + " must be known before anything runs, and " + size + " is not",
          span);
    }
    throw frame.problem("type-mismatch", what + " takes an int, not " + value.kind(), span);
  }
}
