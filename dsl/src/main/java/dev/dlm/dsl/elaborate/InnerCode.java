package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The statements between the braces of a scan, a loop or a branch: their names, and what they hand
 * out. Its code runs while its body is the one that is traced.
 */
final class InnerCode {
  /** A value that {@code yield} hands out and where it stands. */
  record Yielded(Meaning value, Span span) {}

  /** A value that is carried from step to step: as it starts and as the code sees it. */
  record Carry(Expression.Carried written, Meaning.Tensor initial) {
    String name() {
      return written.name().text();
    }

    TensorType type() {
      return initial.type();
    }
  }

  private final String keyword;
  private final boolean yields;
  private final Frame frame;
  private final List<Yielded> yielded = new ArrayList<>();

  private InnerCode(Frame around, String keyword, boolean yields) {
    this.keyword = keyword;
    this.yields = yields;
    this.frame = around.inner(this);
  }

  /** The code of a scan or a branch, which may yield. */
  static InnerCode yielding(Frame around, String keyword) {
    return new InnerCode(around, keyword, true);
  }

  /** The code of a loop, which may not. */
  static InnerCode silent(Frame around, String keyword) {
    return new InnerCode(around, keyword, false);
  }

  /** The word that the expression begins with. */
  String keyword() {
    return keyword;
  }

  Frame frame() {
    return frame;
  }

  boolean mayYield() {
    return yields;
  }

  /** Hands a value out, or several: the results of a call, or a list of tensors. */
  void handOut(Meaning value, Span span) {
    if (value instanceof Meaning.Sequence several
        && several.elements().stream().anyMatch(e -> !Tensors.isNumber(e))) {
      several.elements().forEach(element -> handOut(element, span));
    } else {
      yielded.add(new Yielded(value, span));
    }
  }

  List<Yielded> yielded() {
    return yielded;
  }

  /** Binds a name to a value of this body. */
  void bind(Name name, Value value, String maker) {
    frame.scope().bind(name.text(), new Tensors(frame).hold(value, maker, name.span()));
  }

  /** Runs the statements; a mistake in them ends the whole expression. */
  void run(List<Statement> statements) {
    new StatementRunner(frame).run(statements);
    if (frame.hasFailed()) {
      throw Problem.consequence();
    }
  }

  /** The initial values of what is carried, which stand in the code around. */
  static List<Carry> carries(Frame around, List<Expression.Carried> carried) {
    List<Carry> carries = new ArrayList<>();
    for (Expression.Carried written : carried) {
      String name = written.name().text();
      if (carries.stream().anyMatch(carry -> carry.name().equals(name))) {
        throw around.problem(
            "duplicate-name", "'" + name + "' is carried twice", written.name().span());
      }
      Span span = written.initial().span();
      Meaning initial = new Evaluator(around).evaluate(written.initial());
      carries.add(
          new Carry(
              written,
              new Tensors(around).tensor(initial, Optional.empty(), "'" + name + "'", span)));
    }
    return carries;
  }

  /**
   * What a carried name is bound to at the end of the code.
   *
   * @param body the statements, to point at the one that binds it
   */
  Value next(Carry carry, List<Statement> body) {
    Span span = bindingOf(carry.name(), body).orElse(carry.written.name().span());
    Meaning meaning = frame.scope().findHere(carry.name()).orElseThrow();
    if (meaning instanceof Meaning.Poison) {
      throw Problem.consequence();
    }
    Tensors tensors = new Tensors(frame);
    Meaning.Tensor next =
        tensors.tensor(meaning, Optional.of(carry.type().dtype()), "'" + carry.name() + "'", span);
    String reason = "'" + carry.name() + "' starts as " + carry.type();
    return fit(next, carry.type(), reason, span)
        .orElseThrow(() ->
            tensors.mismatch(
                carry.type().dtype() == next.type().dtype() ? "shape-mismatch" : "dtype-mismatch",
                reason + ", and its next value is " + next.type(),
                span,
                List.of(
                    new Tensors.Operand("'" + carry.name() + "' at the start", carry.initial),
                    new Tensors.Operand("the next value", next)),
                Optional.of("what is carried has one type in every step")));
  }

  /**
   * The value of {@code tensor} as one of type {@code wanted}, with a guard where sizes may turn
   * out to be equal; empty where they never are.
   */
  Optional<Value> fit(Meaning.Tensor tensor, TensorType wanted, String reason, Span span) {
    TensorType actual = tensor.type();
    if (actual.equals(wanted)) {
      return Optional.of(tensor.value());
    }
    if (actual.dtype() != wanted.dtype() || actual.rank() != wanted.rank()) {
      return Optional.empty();
    }
    List<Guard> guards = new ArrayList<>();
    for (int axis = 0; axis < wanted.rank(); axis++) {
      Dim left = wanted.dim(axis);
      Dim right = actual.dim(axis);
      if (left.equals(right)) {
        continue;
      }
      if (left.minus(right).isConstant()) {
        return Optional.empty();
      }
      guards.add(new Guard(Guard.Relation.EQUAL, left, right, reason, frame.locate(span)));
    }
    guards.forEach(frame.run().trace()::require);
    return Optional.of(frame.run().trace().body().one(new Reshape(wanted.shape()), tensor.value()));
  }

  /** The name in the last statement that binds {@code name}. */
  private static Optional<Span> bindingOf(String name, List<Statement> statements) {
    for (Statement statement : statements.reversed()) {
      Optional<Span> found =
          switch (statement) {
            case Statement.Binding s ->
                s.names().stream().filter(n -> n.text().equals(name)).map(Name::span).findFirst();
            case Statement.If s -> bindingOf(name, s.no()).or(() -> bindingOf(name, s.yes()));
            case Statement.Repeat s -> bindingOf(name, s.body());
            case Statement.Loss s ->
                Optional.of(s.name()).filter(n -> n.text().equals(name)).map(Name::span);
            case Statement.Input _,
                Statement.Weight _,
                Statement.State _,
                Statement.Stream _,
                Statement.Next _,
                Statement.Output _,
                Statement.Metric _,
                Statement.Where _,
                Statement.Return _,
                Statement.Yield _,
                Statement.Expect _,
                Statement.Invalid _ ->
                Optional.empty();
          };
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** What an expression gives: the tensor where it is one, or the list of several. */
  static Meaning results(List<Meaning.Tensor> tensors) {
    return tensors.size() == 1 ? tensors.getFirst() : new Meaning.Sequence(List.copyOf(tensors));
  }

  /** A condition that is decided while the graph runs, in the body that is traced now. */
  static Value condition(Frame frame, Expression expression, String keyword) {
    Meaning meaning = new Evaluator(frame).evaluate(expression);
    Tensors tensors = new Tensors(frame);
    Meaning.Tensor condition =
        tensors.tensor(meaning, Optional.empty(), "'" + keyword + "'", expression.span());
    TensorType type = condition.type();
    if (type.equals(TensorType.of(DType.BOOL))) {
      return condition.value();
    }
    String mend =
        type.dtype() == DType.BOOL
            ? "all(…) or any(…) makes one bool of many; select(condition, a, b) chooses for each"
                + " element"
            : "a comparison gives a bool: x != 0";
    Diagnostic diagnostic =
        frame
            .diagnostic(
                "type-mismatch",
                "the condition of '" + keyword + "' is one bool[], not " + type,
                expression.span())
            .note(
                Tensors.describe(Tensors.Operand.of(expression, "the condition", condition)),
                condition.origin())
            .withHelp(mend);
    throw Problem.of(diagnostic);
  }
}
