package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the graph of one model. Its code runs twice: once as it predicts and is evaluated, and once
 * for each training step, with {@code training} true.
 */
final class ModelElaborator {
  private static final TensorType SCALAR_LONG = TensorType.of(DType.I64);

  private final Problems problems;
  private final Meaning.ModelMaker model;
  private final Optional<Declaration.Train> train;
  private final Variables variables = new Variables();

  ModelElaborator(Problems problems, Meaning.ModelMaker model, Optional<Declaration.Train> train) {
    this.problems = problems;
    this.model = model;
    this.train = train;
  }

  /** The model's graph; empty if a mistake was found. */
  Optional<ElaboratedModel> elaborate() {
    Run evaluation = new Run(problems, variables, false);
    Optional<Frame> frame = run(evaluation);
    if (frame.isEmpty()) {
      return Optional.empty();
    }
    Roles roles = frame.get().roles().orElseThrow();
    GraphBuilder graph = new GraphBuilder(model.declaration().name().text());
    // All variables are known only after the training passes; they write their signatures last.
    List<TrainElaborator.Step> steps = new ArrayList<>();
    Optional<TrainElaborator> training =
        train.map(declaration -> new TrainElaborator(problems, model, declaration, variables));
    training.ifPresent(t -> steps.addAll(t.steps(this)));
    Optional<TrainingRecipe> recipe = training.flatMap(t -> t.recipe(roles));
    if (problems.any()) {
      return Optional.empty();
    }
    try {
      InitializerElaborator initializers = new InitializerElaborator(problems, variables);
      initializers.write(graph, !steps.isEmpty());
      variables.streams().forEach(graph::variable);
      if (problems.any()) {
        return Optional.empty();
      }
      Set<String> inputs = roles.inputs().keySet();
      if (!roles.outputs().isEmpty()) {
        Map<Variable, Value> streamed = evaluation.trace().updates();
        evaluation.trace().write(graph, Graph.PREDICT, Set.of(), values(roles.outputs()), streamed);
      }
      Map<String, Value> measured = values(roles.losses());
      measured.putAll(values(roles.metrics()));
      if (!measured.isEmpty()) {
        measured.putAll(values(roles.outputs()));
        evaluation.trace().write(graph, Graph.EVALUATE, inputs, measured, Map.of());
      }
      for (TrainElaborator.Step written : steps) {
        written
            .run()
            .trace()
            .write(
                graph,
                written.signature(),
                inputs,
                written.outputs(),
                written.run().trace().updates());
      }
      return Optional.of(
          new ElaboratedModel(
              graph.build(),
              recipe,
              model.declaration().documentation(),
              documented(roles.inputs()),
              documented(roles.outputs()),
              documented(roles.losses()),
              documented(roles.metrics()),
              steps.stream().map(TrainElaborator.Step::description).toList()));
    } catch (GraphException e) {
      e.diagnostics().forEach(problems::report);
      return Optional.empty();
    }
  }

  /** Runs the model's code; empty if its arguments do not fit. */
  Optional<Frame> run(Run run) {
    Frame caller =
        new Frame(
            run, model.module(), Frame.Kind.FILE, new Scope(), Owner.root(), Optional.empty());
    try {
      List<CallArgument> arguments =
          train.isEmpty() ? List.of() : new Evaluator(caller).arguments(train.get().arguments());
      Span span = train.map(t -> t.model().span()).orElse(model.declaration().name().span());
      return Optional.of(ModelRunner.run(run, model, caller, arguments, span, Owner.root()));
    } catch (Problem problem) {
      problems.report(problem);
      return Optional.empty();
    }
  }

  /** A variable of the training itself, beside those that the model and its optimizer declare. */
  static Variable trainingVariable(String name) {
    return new Variable(name, SCALAR_LONG, Variable.Role.TRAINING, Location.UNKNOWN);
  }

  private static Map<String, Value> values(Map<String, Roles.Declared> declared) {
    Map<String, Value> values = new LinkedHashMap<>();
    declared.forEach((name, value) -> values.put(name, value.value()));
    return values;
  }

  private static List<ElaboratedModel.Role> documented(Map<String, Roles.Declared> declared) {
    List<ElaboratedModel.Role> roles = new ArrayList<>();
    declared.forEach((name, value) ->
        roles.add(
            new ElaboratedModel.Role(
                name, value.value().type(), value.documentation(), value.location())));
    return roles;
  }
}
