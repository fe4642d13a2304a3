package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The statements {@code input}, {@code output}, {@code loss} and {@code metric} of a model. */
final class RoleStatements {
  private final Frame frame;
  private final Roles roles;

  RoleStatements(Frame frame, Roles roles) {
    this.frame = frame;
    this.roles = roles;
  }

  void input(Statement.Input statement) {
    checkNew(statement.name());
    TensorType type = new TypeBinder(frame).declare(statement.type());
    Value value = frame.run().trace().input(statement.name().text(), type);
    Meaning.Tensor tensor =
        new Tensors(frame).hold(value, "input " + statement.name(), statement.span());
    add(roles.inputs(), statement.name(), tensor, statement.documentation());
  }

  void output(Statement.Output statement) {
    checkNew(statement.name());
    Expression value =
        statement
            .value()
            .orElseGet(
                () -> new Expression.Reference(statement.name().span(), statement.name().text()));
    add(roles.outputs(), statement.name(), tensor(value, "an output"), statement.documentation());
  }

  void loss(Statement.Loss statement) {
    checkNew(statement.name());
    Meaning.Tensor loss = tensor(statement.value(), "a loss");
    if (loss.value().rank() != 0 || !loss.value().dtype().isFloat()) {
      throw new Tensors(frame)
          .mismatch(
              "loss-not-scalar",
              "a loss is one floating-point number, not " + loss.value().type(),
              statement.value().span(),
              List.of(Tensors.Operand.of(statement.value(), "the value", loss)),
              loss.value().rank() == 0
                  ? Optional.empty()
                  : Optional.of("mean(…) makes one number of many"));
    }
    add(roles.losses(), statement.name(), loss, statement.documentation());
  }

  void metric(Statement.Metric statement) {
    checkNew(statement.name());
    Meaning.Tensor metric = tensor(statement.value(), "a metric");
    if (metric.value().rank() != 0) {
      throw new Tensors(frame)
          .mismatch(
              "metric-not-scalar",
              "a metric is one number, not " + metric.value().type(),
              statement.value().span(),
              List.of(Tensors.Operand.of(statement.value(), "the value", metric)),
              Optional.of("mean(…) makes one number of many"));
    }
    add(roles.metrics(), statement.name(), metric, statement.documentation());
  }

  private Meaning.Tensor tensor(Expression expression, String what) {
    Meaning value = new Evaluator(frame).evaluate(expression);
    return new Tensors(frame).tensor(value, Optional.empty(), what, expression.span());
  }

  private void checkNew(Name name) {
    roles
        .locationOf(name.text())
        .ifPresent(place -> {
          throw Problem.of(
              frame
                  .diagnostic(
                      "duplicate-name",
                      "'" + name + "' has a role in this model already",
                      name.span())
                  .note("it is declared here", place));
        });
  }

  private void add(
      Map<String, Roles.Declared> to, Name name, Meaning.Tensor tensor, String documentation) {
    to.put(
        name.text(),
        new Roles.Declared(tensor.value(), documentation, name.span().in(frame.module().file())));
    frame.scope().bind(name.text(), tensor);
  }
}
