package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.math.Cast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the {@code expect} statements of a test compare. */
final class Expectations {
  /** One comparison; a single condition has no expected value. */
  record Expectation(
      Location location, Value actual, Optional<Value> expected, Optional<Value> tolerance) {}

  private final List<Expectation> expectations = new ArrayList<>();

  List<Expectation> all() {
    return expectations;
  }

  void add(Statement.Expect statement, Frame frame) {
    Evaluator evaluator = new Evaluator(frame);
    Tensors tensors = new Tensors(frame);
    Meaning meaning = evaluator.evaluate(statement.actual());
    Meaning.Tensor actual =
        tensors.tensor(meaning, Optional.empty(), "expect", statement.actual().span());
    if (statement.expected().isEmpty()) {
      if (actual.value().dtype() != DType.BOOL) {
        throw frame.problem(
            "type-mismatch",
            "expect takes a condition, not " + actual.kind(),
            statement.actual().span(),
            Optional.of("expect a ≈ b within tolerance compares numbers"));
      }
      expectations.add(
          new Expectation(
              frame.locate(statement.span()), actual.value(), Optional.empty(), Optional.empty()));
      return;
    }
    Value expected = number(frame, statement.expected().get(), actual.value().dtype());
    Optional<Value> tolerance =
        statement.tolerance().map(t -> number(frame, t, actual.value().dtype()));
    expectations.add(
        new Expectation(
            frame.locate(statement.span()), actual.value(), Optional.of(expected), tolerance));
  }

  private static Value number(Frame frame, Expression expression, DType dtype) {
    Meaning meaning = new Evaluator(frame).evaluate(expression);
    Tensors tensors = new Tensors(frame);
    Value value = tensors.tensor(meaning, Optional.of(dtype), "expect", expression.span()).value();
    return value.dtype() == dtype ? value : tensors.body().one(new Cast(dtype), value);
  }
}
