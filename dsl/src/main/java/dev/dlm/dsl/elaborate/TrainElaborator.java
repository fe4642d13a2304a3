package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Declaration.ComponentKind;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.TrainItem;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Cast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the training steps of a {@code train} block: forward, gradients, clip, optimizer. */
final class TrainElaborator {
  /** A step whose graph is made, but not written yet. */
  record Step(
      String signature, Run run, Map<String, Value> outputs, ElaboratedModel.Step description) {}

  private final Problems problems;
  private final Meaning.ModelMaker model;
  private final Declaration.Train train;
  private final Variables variables;

  TrainElaborator(
      Problems problems, Meaning.ModelMaker model, Declaration.Train train, Variables variables) {
    this.problems = problems;
    this.model = model;
    this.train = train;
    this.variables = variables;
  }

  /** The steps, in the order in which they are run for each batch. */
  List<Step> steps(ModelElaborator elaborator) {
    List<TrainSettings> wanted = TrainSettings.steps(train, this::report);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Run run = new Run(problems, variables, true);
      Trace trace = run.trace();
      Value counter = trace.read(ModelElaborator.trainingVariable(ElaboratedModel.STEP_VARIABLE));
      Value seed = trace.read(ModelElaborator.trainingVariable(ElaboratedModel.SEED_VARIABLE));
      run.useRandom(new Run.RandomStream(trace.hold(seed), trace.hold(counter)));
      Optional<Frame> frame = elaborator.run(run);
      if (frame.isEmpty()) {
        return List.of();
      }
      String signature = signatureName(i);
      try {
        boolean last = i == wanted.size() - 1;
        String prefix = wanted.size() == 1 ? "optimizer" : "optimizer[" + i + "]";
        steps.add(step(run, frame.get(), wanted.get(i), signature, prefix, counter, last));
      } catch (Problem problem) {
        problems.report(problem);
      }
    }
    return steps;
  }

  private Frame frame(Run run, Scope scope) {
    return new Frame(
        run,
        model.module(),
        Frame.Kind.FILE,
        new Scope(scope),
        Owner.root().below("train"),
        Optional.empty());
  }

  private void report(String code, String message, Span span) {
    problems.report(
        CallChain.error(code, message, span.in(model.module().file()), false, Optional.empty()));
  }

  private Step step(
      Run run,
      Frame modelFrame,
      TrainSettings settings,
      String signature,
      String prefix,
      Value counter,
      boolean last) {
    Frame frame = frame(run, modelFrame.scope());
    Evaluator evaluator = new Evaluator(frame);
    if (settings.minimize().isEmpty() || settings.optimizer().isEmpty()) {
      String lacking = settings.minimize().isEmpty() ? "minimize" : "optimizer";
      throw frame.problem(
          "incomplete-training", "this block lacks '" + lacking + "'", settings.span());
    }
    TrainItem.Minimize minimize = settings.minimize().get();
    TrainItem.Optimizer optimizer = settings.optimizer().get();
    Meaning.Instance optimizing =
        component(ComponentKind.OPTIMIZER, "optimizer", optimizer.value(), frame);
    Optional<Meaning.Instance> clipping =
        settings.clip().map(c -> component(ComponentKind.CLIP, "clip", c.value(), frame));
    Value loss = loss(frame, minimize.loss());
    List<Variable> weights = weights(frame, minimize);
    List<Meaning> gradients = gradients(frame, loss, weights, minimize.loss().span());
    if (clipping.isPresent()) {
      Span place = settings.clip().get().value().span();
      gradients = clipped(frame, clipping.get(), gradients, place);
    }
    Span place = optimizer.value().span();
    Trace trace = run.trace();
    trace.body().at(frame.locate(place));
    Value step = trace.body().one(new Cast(DType.F32), counter);
    Value totalSteps = trace.input(ElaboratedModel.TOTAL_STEPS_INPUT, TensorType.of(DType.I64));
    Value total = trace.body().one(new Cast(DType.F32), totalSteps);
    Tensors tensors = new Tensors(frame);
    Clock clock =
        new Clock(
            tensors.hold(step, "the training", place), tensors.hold(total, "the training", place));
    for (int i = 0; i < weights.size(); i++) {
      update(frame, optimizing, weights.get(i), gradients.get(i), clock, prefix, place);
    }
    if (last) {
      Value one = trace.body().constant(HostTensor.scalar(1));
      Variable stepVariable = ModelElaborator.trainingVariable(ElaboratedModel.STEP_VARIABLE);
      trace.update(stepVariable, trace.body().one(new Add(), counter, one));
    }
    Map<String, Value> outputs = new LinkedHashMap<>();
    Roles declared = modelFrame.roles().orElseThrow();
    declared.losses().forEach((name, value) -> outputs.put(name, value.value()));
    declared.metrics().forEach((name, value) -> outputs.put(name, value.value()));
    rate(frame, optimizing, clock, place)
        .ifPresent(r -> outputs.put(ElaboratedModel.RATE_OUTPUT, r));
    return new Step(
        signature,
        run,
        outputs,
        new ElaboratedModel.Step(
            signature,
            ConstructionText.of(minimize.loss()),
            ConstructionText.of(optimizing),
            clipping.map(ConstructionText::of)));
  }

  /** The step that a training run is at and how many it makes, as {@code f32[]}. */
  private record Clock(Meaning.Tensor step, Meaning.Tensor total) {}

  private static Meaning.Instance component(
      ComponentKind kind, String what, Expression expression, Frame frame) {
    Meaning value = new Evaluator(frame).evaluate(expression);
    return (Meaning.Instance)
        ConstructionTypes.component(kind, value, frame, expression.span())
            .orElseThrow(() ->
                frame.problem(
                    "type-mismatch",
                    "'"
                        + what
                        + "' takes a thing declared with '"
                        + kind.keyword()
                        + "', not "
                        + value.kind(),
                    expression.span()));
  }

  private static Value loss(Frame frame, Expression expression) {
    Meaning value = new Evaluator(frame).evaluate(expression);
    boolean fits =
        value instanceof Meaning.Tensor tensor
            && tensor.value().rank() == 0
            && tensor.value().dtype().isFloat();
    if (!fits) {
      throw frame.problem(
          "loss-not-scalar",
          "only one floating-point number can be minimized, not " + value.kind(),
          expression.span());
    }
    return ((Meaning.Tensor) value).value();
  }

  private List<Variable> weights(Frame frame, TrainItem.Minimize minimize) {
    List<Variable> weights = new ArrayList<>();
    if (minimize.over().isEmpty()) {
      weights.addAll(variables.weightsBelow(""));
    }
    for (Expression over : minimize.over()) {
      Meaning value = new Evaluator(frame).evaluate(over);
      if (value instanceof Meaning.Instance layer) {
        weights.addAll(variables.weightsBelow(layer.owner().path()));
      } else if (value instanceof Meaning.Tensor tensor) {
        variables.weightsBelow("").stream()
            .filter(w -> frame.run().trace().read(w).equals(tensor.value()))
            .forEach(weights::add);
      } else {
        throw frame.problem(
            "type-mismatch", "'over' takes layers and weights, not " + value.kind(), over.span());
      }
    }
    if (weights.isEmpty()) {
      throw frame.problem("no-weights", "there is no weight to find here", minimize.span());
    }
    return weights;
  }

  private List<Meaning> gradients(Frame frame, Value loss, List<Variable> weights, Span span) {
    Trace trace = frame.run().trace();
    trace.body().at(frame.locate(span));
    List<Value> reads = weights.stream().map(trace::read).toList();
    List<Value> gradients = trace.body().gradient(loss, reads);
    List<Meaning> meanings = new ArrayList<>();
    for (int i = 0; i < gradients.size(); i++) {
      meanings.add(
          new Tensors(frame)
              .hold(gradients.get(i), "the gradient of " + weights.get(i).name(), span));
    }
    return meanings;
  }

  private static List<Meaning> clipped(
      Frame frame, Meaning.Instance clip, List<Meaning> gradients, Span span) {
    CallArgument argument =
        new CallArgument(Optional.empty(), new Meaning.Sequence(gradients), span);
    Meaning result = new Calls(frame).apply(clip, List.of(argument), span);
    if (!(result instanceof Meaning.Sequence sequence)
        || sequence.elements().size() != gradients.size()) {
      throw frame.problem(
          "result-count", clip + " does not return one gradient for each it was given", span);
    }
    return sequence.elements();
  }

  private static void update(
      Frame frame,
      Meaning.Instance optimizer,
      Variable weight,
      Meaning gradient,
      Clock clock,
      String prefix,
      Span span) {
    Trace trace = frame.run().trace();
    Meaning.Tensor current = new Tensors(frame).read(weight, weight.location());
    List<CallArgument> arguments =
        List.of(
            new CallArgument(Optional.empty(), current, span),
            new CallArgument(Optional.empty(), gradient, span),
            new CallArgument(Optional.empty(), clock.step, span),
            new CallArgument(Optional.empty(), clock.total, span));
    Owner owner = Owner.root().below(prefix).below(weight.name());
    Meaning updated = new Calls(frame).apply(optimizer, owner, arguments, span);
    if (!(updated instanceof Meaning.Tensor tensor)
        || !tensor.value().type().equals(weight.type())) {
      throw frame.problem(
          "shape-mismatch",
          optimizer + " gives " + updated.kind() + " for " + weight.name() + ": " + weight.type(),
          span);
    }
    trace.update(weight, tensor.value());
  }

  /** The learning rate of this step, where the optimizer has a schedule of that name. */
  private static Optional<Value> rate(
      Frame frame, Meaning.Instance optimizer, Clock clock, Span span) {
    if (optimizer.arguments().get("rate") instanceof Meaning.Instance schedule
        && schedule.maker().declaration().kind() == ComponentKind.SCHEDULE) {
      List<CallArgument> arguments =
          List.of(
              new CallArgument(Optional.empty(), clock.step, span),
              new CallArgument(Optional.empty(), clock.total, span));
      Meaning rate = new Calls(frame).apply(schedule, arguments, span);
      return rate instanceof Meaning.Tensor tensor ? Optional.of(tensor.value()) : Optional.empty();
    }
    return Optional.empty();
  }

  private static String signatureName(int step) {
    return step == 0 ? Graph.TRAIN : Graph.TRAIN + "." + step;
  }

  /** What the block says beyond the graph; empty if a mistake was found. */
  Optional<TrainingRecipe> recipe(Roles roles) {
    Frame frame = frame(new Run(problems, variables, false), new Scope());
    long count = train.items().stream().filter(TrainItem.Step.class::isInstance).count();
    List<String> signatures = new ArrayList<>();
    for (int i = 0; i < Math.max(1, count); i++) {
      signatures.add(signatureName(i));
    }
    return new RecipeElaborator(problems, frame, train, roles)
        .recipe(model.declaration().name().text(), signatures);
  }
}
