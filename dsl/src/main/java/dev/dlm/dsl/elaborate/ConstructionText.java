package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import java.util.StringJoiner;

/** Construction values as they could be written in a file. */
final class ConstructionText {
  private ConstructionText() {}

  /** A thing with its construction arguments, for example {@code nn.adam(rate = 0.001)}. */
  static String of(Meaning meaning) {
    if (!(meaning instanceof Meaning.Instance instance)) {
      return meaning.toString();
    }
    StringJoiner arguments = new StringJoiner(", ", "(", ")");
    instance.arguments().forEach((name, value) -> arguments.add(name + " = " + of(value)));
    String name = instance.toString();
    return instance.arguments().isEmpty() ? name : name + arguments;
  }

  /** The name that an expression is, or that it is a computed one. */
  static String of(Expression expression) {
    return expression instanceof Expression.Reference reference
        ? reference.name()
        : "an expression";
  }
}
