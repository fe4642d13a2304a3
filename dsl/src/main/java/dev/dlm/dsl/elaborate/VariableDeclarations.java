package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.syntax.Declaration.ComponentKind;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.dsl.syntax.TypeExpression;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import java.util.List;
import java.util.Optional;

/** The statements {@code weight}, {@code state}, {@code stream} and {@code next}. */
final class VariableDeclarations {
  private final Frame frame;

  VariableDeclarations(Frame frame) {
    this.frame = frame;
  }

  void weight(Statement.Weight statement) {
    declare(statement.name(), statement.type(), statement.initializer(), Variable.Role.WEIGHT);
  }

  void state(Statement.State statement) {
    boolean training = frame.kind() == Frame.Kind.OPTIMIZER;
    declare(
        statement.name(),
        statement.type(),
        statement.initializer(),
        training ? Variable.Role.TRAINING : Variable.Role.STATE);
  }

  void stream(Statement.Stream statement) {
    Name name = statement.name();
    Declared declared = check(name, statement.type(), Variable.Role.STREAM);
    Variable variable =
        declared
            .known()
            .orElseGet(() -> {
              Variable made =
                  new Variable(
                      declared.path(),
                      declared.type(),
                      Variable.Role.STREAM,
                      frame.locate(name.span()));
              frame.run().variables().addStream(made);
              return made;
            });
    bind(name, variable);
  }

  private void declare(
      Name name, TypeExpression written, Expression initializer, Variable.Role role) {
    Declared declared = check(name, written, role);
    Variable variable =
        declared
            .known()
            .orElseGet(() -> {
              Meaning value = new Evaluator(frame).evaluate(initializer);
              Meaning.Instance instance =
                  (Meaning.Instance)
                      ConstructionTypes.component(
                              ComponentKind.INITIALIZER, value, frame, initializer.span())
                          .orElseThrow(() ->
                              frame.problem(
                                  "type-mismatch",
                                  "'" + name + "' takes an initializer, not " + value.kind(),
                                  initializer.span()));
              Variable made =
                  new Variable(declared.path(), declared.type(), role, frame.locate(name.span()));
              frame.run().variables().add(made, instance, frame, initializer.span());
              return made;
            });
    bind(name, variable);
  }

  /**
   * A declaration that was checked.
   *
   * @param known the variable, if code that ran before declared it: the same layer applied again,
   *     or another pass over the model
   */
  private record Declared(String path, TensorType type, Optional<Variable> known) {}

  private Declared check(Name name, TypeExpression written, Variable.Role role) {
    if (!frame.declaresVariable(name.text())) {
      throw frame.problem(
          "duplicate-name", "'" + name + "' is declared twice in this code", name.span());
    }
    TensorType type = new TypeBinder(frame).evaluate(written);
    if (!type.shape().isConstant()) {
      throw frame.problem(
          "symbolic-weight",
          "the size of a variable must be known before anything runs, and " + type + " is not",
          written.span());
    }
    if (role == Variable.Role.WEIGHT && !type.dtype().isFloat()) {
      throw frame.problem(
          "dtype-mismatch", "a weight is floating point, and " + type + " is not", written.span());
    }
    String path = frame.owner().pathOf(name.text());
    Optional<Variable> known = frame.run().variables().find(path);
    if (known.isPresent() && !known.get().type().equals(type)) {
      Diagnostic differs =
          frame
              .diagnostic(
                  "shared-weight-mismatch",
                  "'" + path + "' is " + type + " here, but was made as " + known.get().type(),
                  written.span())
              .note("it was made here", known.get().location())
              .withHelp(
                  "a layer that is applied twice has one set of weights; make a second layer");
      throw Problem.of(differs);
    }
    return new Declared(path, type, known);
  }

  private void bind(Name name, Variable variable) {
    frame
        .scope()
        .bind(
            name.text(), new Tensors(frame).read(variable, name.span().in(frame.module().file())));
  }

  void next(Statement.Next statement) {
    Name name = statement.name();
    Variable variable =
        frame
            .run()
            .variables()
            .find(frame.owner().pathOf(name.text()))
            .filter(v -> v.role() != Variable.Role.WEIGHT)
            .orElseThrow(() -> {
              boolean poisoned =
                  frame
                      .scope()
                      .find(name.text())
                      .filter(Meaning.Poison.class::isInstance)
                      .isPresent();
              return poisoned
                  ? Problem.consequence()
                  : frame.problem(
                      "unknown-name",
                      "there is no state or stream '" + name + "' here",
                      name.span());
            });
    if (frame.run().trace().isInside()) {
      throw frame.problem(
          "misplaced-statement",
          "a state has one next value, and code inside of 'scan', 'while' and 'cond' does not run"
              + " once",
          statement.span(),
          Optional.of("carry or yield the value, and give it to 'next' outside"));
    }
    Meaning value = new Evaluator(frame).evaluate(statement.value());
    Tensors tensors = new Tensors(frame);
    Meaning.Tensor tensor =
        tensors.tensor(
            value,
            Optional.of(variable.type().dtype()),
            "'" + name + "'",
            statement.value().span());
    if (!tensor.value().type().equals(variable.type())) {
      throw tensors.mismatch(
          "shape-mismatch",
          "'" + name + "' is " + variable.type() + ", its next value " + tensor.value().type(),
          statement.value().span(),
          List.of(Tensors.Operand.of(statement.value(), "the value", tensor)),
          Optional.empty());
    }
    // A model's state changes in training alone, a stream's in prediction alone.
    boolean changes = frame.run().training() != (variable.role() == Variable.Role.STREAM);
    if (changes) {
      frame.run().trace().update(variable, tensor.value());
    }
  }
}
