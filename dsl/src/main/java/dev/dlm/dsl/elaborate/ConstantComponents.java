package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Declaration.ComponentKind;
import dev.dlm.dsl.syntax.SourceParser;
import java.util.LinkedHashMap;
import java.util.Map;

/** The initializer and the schedule that a plain number stands for. */
final class ConstantComponents {
  private static final String FILE = "constant.dlm";
  private static final Module MODULE =
      new Module(
          "",
          FILE,
          true,
          SourceParser.parse(
                  FILE,
                  """
                  initializer constant(value: float) {
                    apply(shape: list, dtype: dtype) {
                      return full(shape, value, dtype)
                    }
                  }

                  schedule constant_rate(value: float) {
                    apply(step: f32[], total: f32[]) -> f32[] {
                      return full([], value, f32)
                    }
                  }
                  """)
              .file()
              .declarations(),
          new Scope());

  private ConstantComponents() {}

  static Meaning.Instance make(ComponentKind kind, Meaning value) {
    Meaning number =
        value instanceof Meaning.Size size ? new Meaning.Real(size.dim().asLong()) : value;
    for (Declaration declaration : MODULE.declarations()) {
      if (declaration instanceof Declaration.Component component && component.kind() == kind) {
        Scope scope = new Scope();
        scope.bind("value", number);
        Map<String, Meaning> arguments = new LinkedHashMap<>();
        arguments.put("value", number);
        return new Meaning.Instance(
            new Meaning.Maker(component, MODULE), scope, Owner.root(), arguments);
      }
    }
    throw new IllegalStateException("no constant " + kind);
  }
}
