package dev.dlm.dsl.syntax;

import java.util.List;
import java.util.Optional;

/** What stands at the top level of a file. */
public sealed interface Declaration {

  /** Where it stands. */
  Span span();

  /**
   * {@code import nn} or {@code import "other.dlm" as other}.
   *
   * @param target the library's name, or the path in quotes
   * @param isPath whether {@code target} is a path
   */
  record Import(Span span, Name target, boolean isPath, Optional<Name> alias)
      implements Declaration {}

  /** {@code model Name(parameters) { … }}. */
  record Model(
      Span span, Name name, List<Parameter> parameters, List<Statement> body, String documentation)
      implements Declaration {
    public Model {
      parameters = List.copyOf(parameters);
      body = List.copyOf(body);
    }
  }

  /**
   * A thing with construction parameters and one {@code apply}: a layer, an initializer, an
   * optimizer, a schedule or a clip.
   *
   * @param construction the statements outside {@code apply}, which run when the thing is made
   * @param apply empty where a mistake left it out; an error has been reported
   */
  record Component(
      Span span,
      ComponentKind kind,
      Name name,
      List<Parameter> parameters,
      List<Statement> construction,
      Optional<Apply> apply,
      String documentation)
      implements Declaration {
    public Component {
      parameters = List.copyOf(parameters);
      construction = List.copyOf(construction);
    }
  }

  /** {@code apply(parameters) -> results { … }}. */
  record Apply(
      Span span, List<Parameter> parameters, List<TypeExpression> results, List<Statement> body) {
    public Apply {
      parameters = List.copyOf(parameters);
      results = List.copyOf(results);
      body = List.copyOf(body);
    }
  }

  /** {@code function name(parameters) -> results { … }}. */
  record Function(
      Span span,
      Name name,
      List<Parameter> parameters,
      List<TypeExpression> results,
      List<Statement> body,
      String documentation)
      implements Declaration {
    public Function {
      parameters = List.copyOf(parameters);
      results = List.copyOf(results);
      body = List.copyOf(body);
    }
  }

  /** {@code train Model(arguments) { … }}. */
  record Train(Span span, Name model, List<Argument> arguments, List<TrainItem> items)
      implements Declaration {
    public Train {
      arguments = List.copyOf(arguments);
      items = List.copyOf(items);
    }
  }

  /** {@code test "title" { … }}. */
  record Test(Span span, String title, List<Statement> body) implements Declaration {
    public Test {
      body = List.copyOf(body);
    }
  }

  /** {@code name = value}. */
  record Constant(Span span, Name name, Expression value, String documentation)
      implements Declaration {}

  /** A declaration that could not be read; an error has been reported. */
  record Invalid(Span span, Optional<Name> name) implements Declaration {}

  /** The kinds of {@link Component}. */
  enum ComponentKind {
    LAYER("layer"),
    INITIALIZER("initializer"),
    OPTIMIZER("optimizer"),
    SCHEDULE("schedule"),
    CLIP("clip");

    private final String keyword;

    ComponentKind(String keyword) {
      this.keyword = keyword;
    }

    /** The keyword that declares it. */
    public String keyword() {
      return keyword;
    }
  }
}
