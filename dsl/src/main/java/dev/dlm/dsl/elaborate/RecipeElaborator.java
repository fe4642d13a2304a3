package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Argument;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.dsl.syntax.Name;
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
  private static final Set<String> READERS = Set.of("generated_digits", "idx");

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
    List<TrainingRecipe.DataCall> alternatives = new ArrayList<>();
    alternatives(item.source(), inputs.size(), alternatives);
    return new TrainingRecipe.DataClause(inputs, alternatives, frame.locate(item.span()));
  }

  /** {@code a or b}: the first of them that is there. */
  private void alternatives(
      Expression source, int columns, List<TrainingRecipe.DataCall> alternatives) {
    if (source instanceof Expression.Binary binary && binary.operator() == BinaryOperator.OR) {
      alternatives(binary.left(), columns, alternatives);
      alternatives(binary.right(), columns, alternatives);
      return;
    }
    if (!(source instanceof Expression.Call call)
        || !(call.callee() instanceof Expression.Reference reader)) {
      throw frame.problem(
          "type-mismatch",
          "data comes from a reader, for example idx(\"images\", \"labels\")",
          source.span());
    }
    if (!READERS.contains(reader.name())) {
      throw frame.problem(
          "unknown-name",
          "there is no data reader '" + reader.name() + "'",
          reader.span(),
          LikelyName.help(reader.name(), new TreeSet<>(READERS))
              .or(() -> Optional.of("readers are " + String.join(", ", new TreeSet<>(READERS)))));
    }
    List<Object> arguments = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      arguments.add(argument(argument));
    }
    check(reader.name(), arguments, columns, call);
    alternatives.add(
        new TrainingRecipe.DataCall(reader.name(), arguments, frame.locate(source.span())));
  }

  private Object argument(Argument argument) {
    if (argument.name().isPresent()) {
      throw frame.problem(
          "unknown-argument",
          "a data reader takes arguments by position",
          argument.name().get().span());
    }
    Meaning value = new Evaluator(frame).evaluate(argument.value());
    if (value instanceof Meaning.Text text) {
      return text.value();
    }
    if (value instanceof Meaning.Size size && size.dim().isConstant()) {
      return size.dim().asLong();
    }
    if (value instanceof Meaning.Real real) {
      return real.value();
    }
    if (value instanceof Meaning.Truth truth) {
      return truth.value();
    }
    throw frame.problem(
        "type-mismatch",
        "a data reader takes strings, numbers and bools, not " + value.kind(),
        argument.span());
  }

  private void check(String reader, List<Object> arguments, int columns, Expression.Call call) {
    if (reader.equals("idx")) {
      boolean texts = arguments.stream().allMatch(String.class::isInstance);
      if (!texts || arguments.size() != columns) {
        throw frame.problem(
            "argument-count",
            "idx takes one file for each of the " + columns + " inputs",
            call.span());
      }
      return;
    }
    boolean fits =
        !arguments.isEmpty()
            && arguments.size() <= 2
            && (arguments.getFirst().equals("train") || arguments.getFirst().equals("validate"))
            && (arguments.size() == 1 || arguments.get(1) instanceof Long count && count > 0);
    if (!fits || columns != 2) {
      throw frame.problem(
          "argument-count",
          "generated_digits takes \"train\" or \"validate\" and a count, and gives images and"
              + " labels",
          call.span());
    }
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
