package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Span;
import java.util.List;
import java.util.Optional;

/** Runs the code of models. */
final class ModelRunner {
  private ModelRunner() {}

  /**
   * Runs a model's code and returns the frame, which holds its names and {@link Roles}.
   *
   * @param caller where the arguments come from
   */
  static Frame run(
      Run run,
      Meaning.ModelMaker model,
      Frame caller,
      List<CallArgument> arguments,
      Span span,
      Owner owner) {
    Declaration.Model declaration = model.declaration();
    Frame frame =
        new Frame(
            run,
            model.module(),
            Frame.Kind.MODEL,
            new Scope(),
            owner,
            Optional.empty(),
            Optional.of(new Roles()));
    new Calls(caller)
        .bind(declaration.parameters(), arguments, declaration.name().text(), frame, span);
    new StatementRunner(frame).run(declaration.body());
    return frame;
  }

  /** A model as a value in a test. Its first instance has the names of checkpoints. */
  static Meaning instantiate(
      Frame caller, Meaning.ModelMaker model, List<CallArgument> arguments, Span span) {
    if (caller.kind() != Frame.Kind.TEST) {
      throw caller.problem(
          "misplaced-statement",
          "a model can be made in a test, not in other code",
          span,
          Optional.of("what models share belongs in a layer"));
    }
    boolean first = caller.owner().path().isEmpty() && !caller.owner().isTaken("model");
    Owner owner = caller.owner().below("model");
    Frame frame = run(caller.run(), model, caller, arguments, span, first ? Owner.root() : owner);
    if (frame.hasFailed()) {
      throw Problem.consequence();
    }
    return new Meaning.ModelInstance(model, frame.scope());
  }
}
