package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.TrainItem;
import dev.dlm.ir.TrainingRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads what a {@code train} block says of data, batches, epochs and stopping. */
final class RecipeElaborator {
  private static final int STANDARD_BATCH = 32;
  private static final int STANDARD_EPOCHS = 1;
  private static final int MAXIMUM_COUNT = 1_000_000_000;

  private final Problems problems;
  private final Frame frame;
  private final Declaration.Train train;
  private final Roles roles;

  RecipeElaborator(Problems problems, Frame frame, Declaration.Train train, Roles roles) {
    this.problems = problems;
    this.frame = frame;
    this.train = train;
    this.roles = roles;
  }

  /** The recipe; empty if a mistake was found. */
  Optional<TrainingRecipe> recipe(String model, List<String> steps) {
    Optional<TrainingRecipe.DataClause> data = Optional.empty();
    Optional<TrainingRecipe.DataClause> validation = Optional.empty();
    Optional<TrainingRecipe.StopRule> stop = Optional.empty();
    int batch = STANDARD_BATCH;
    int epochs = STANDARD_EPOCHS;
    boolean failed = false;
    for (TrainItem item : train.items()) {
      try {
        switch (item) {
          case TrainItem.Data d -> {
            boolean again = d.validation() ? validation.isPresent() : data.isPresent();
            if (again) {
              throw frame.problem("duplicate-name", "this is set twice", d.span());
            }
            if (d.validation()) {
              validation = Optional.of(data(d));
            } else {
              data = Optional.of(data(d));
            }
          }
          case TrainItem.Batch b -> batch = count(b.value(), "batch");
          case TrainItem.Epochs e -> epochs = count(e.value(), "epochs");
          case TrainItem.Stop s -> stop = Optional.of(stop(s));
          case TrainItem.Minimize _,
              TrainItem.Optimizer _,
              TrainItem.Clip _,
              TrainItem.Step _,
              TrainItem.Invalid _ -> {}
        }
      } catch (Problem problem) {
        failed = true;
        problems.report(problem);
      }
    }
    if (data.isEmpty() && !failed) {
      problems.report(
          frame.problem("incomplete-training", "this block lacks 'data'", train.model().span()));
    }
    if (data.isPresent() && validation.isEmpty() && !failed) {
      try {
        validation = heldBack(data.get());
      } catch (Problem problem) {
        failed = true;
        problems.report(problem);
      }
    }
    if (stop.isPresent() && validation.isEmpty() && !failed) {
      problems.report(
          frame.diagnostic(
              "incomplete-training",
              "'stop' looks at validation metrics, and this block lacks 'validate'",
              train.model().span()));
      failed = true;
    }
    if (data.isEmpty() || failed) {
      return Optional.empty();
    }
    return Optional.of(
        new TrainingRecipe(model, steps, data.get(), validation, batch, epochs, false, stop));
  }

  private int count(Expression expression, String what) {
    long count = new Evaluator(frame).integer(expression, "'" + what + "'");
    if (count < 1 || count > MAXIMUM_COUNT) {
      throw frame.problem(
          "type-mismatch", "'" + what + "' is at least 1, not " + count, expression.span());
    }
    return (int) count;
  }

  private TrainingRecipe.DataClause data(TrainItem.Data item) {
    List<String> inputs = new ArrayList<>();
    for (Name name : item.inputs()) {
      if (!roles.inputs().containsKey(name.text())) {
        throw frame.problem(
            "unknown-name",
            "the model has no input '" + name + "'",
            name.span(),
            LikelyName.help(name.text(), roles.inputs().keySet()));
      }
      inputs.add(name.text());
    }
    Set<String> missing = new TreeSet<>(roles.inputs().keySet());
    missing.removeAll(inputs);
    if (!missing.isEmpty()) {
      throw frame.problem(
          "incomplete-training",
          "nothing feeds the model's input " + String.join(", ", missing),
          item.span());
    }
    return new TrainingRecipe.DataClause(
        inputs,
        new DataCalls(frame, inputs.size()).alternatives(item.source()),
        frame.locate(item.span()));
  }

  /**
   * The data of a recipe without a {@code validate} line: what the {@code data} line holds back.
   * Empty where it holds nothing back.
   */
  private Optional<TrainingRecipe.DataClause> heldBack(TrainingRecipe.DataClause data) {
    List<TrainingRecipe.DataCall> holding =
        data.alternatives().stream().filter(TrainingRecipe.DataCall::holdsBack).toList();
    if (!holding.isEmpty() && holding.size() < data.alternatives().size()) {
      throw frame.problem(
          "incomplete-training",
          "some of these sources hold examples back and some do not: without a 'validate' line all"
              + " must",
          dataSpan());
    }
    return holding.isEmpty() ? Optional.empty() : Optional.of(data);
  }

  private Span dataSpan() {
    return train.items().stream()
        .filter(item -> item instanceof TrainItem.Data data && !data.validation())
        .map(TrainItem::span)
        .findFirst()
        .orElseGet(() -> train.model().span());
  }

  private TrainingRecipe.StopRule stop(TrainItem.Stop stop) {
    boolean onValidation =
        stop.metric() instanceof Expression.Member member
            && member.target() instanceof Expression.Reference target
            && target.name().equals("validate");
    if (!onValidation) {
      throw frame.problem(
          "type-mismatch",
          "this takes a validation metric, for example validate.accuracy",
          stop.metric().span());
    }
    Name metric = ((Expression.Member) stop.metric()).member();
    Set<String> known = new TreeSet<>(roles.metrics().keySet());
    known.addAll(roles.losses().keySet());
    if (!known.contains(metric.text())) {
      throw frame.problem(
          "unknown-name",
          "the model has no metric or loss '" + metric + "'",
          metric.span(),
          LikelyName.help(metric.text(), known));
    }
    return new TrainingRecipe.StopRule(
        "validate." + metric, count(stop.epochs(), "stalls"), frame.locate(stop.span()));
  }
}
