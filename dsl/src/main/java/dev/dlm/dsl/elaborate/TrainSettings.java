package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.TrainItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one step of a {@code train} block asks for. */
record TrainSettings(
    Span span,
    Optional<TrainItem.Minimize> minimize,
    Optional<TrainItem.Optimizer> optimizer,
    Optional<TrainItem.Clip> clip) {

  /** Told of a mistake. */
  interface Reporter {
    void report(String code, String message, Span span);
  }

  /** The steps of a block: its {@code step} blocks, or the block itself where it has none. */
  static List<TrainSettings> steps(Declaration.Train train, Reporter reporter) {
    List<TrainSettings> steps = new ArrayList<>();
    for (TrainItem item : train.items()) {
      if (item instanceof TrainItem.Step step) {
        steps.add(of(step.items(), step.span(), true, reporter));
      }
    }
    TrainSettings whole = of(train.items(), train.model().span(), false, reporter);
    if (steps.isEmpty()) {
      steps.add(whole);
    } else {
      whole.minimize.ifPresent(m ->
          reporter.report(
              "misplaced-statement", "a block with steps minimizes within them", m.span()));
      whole.optimizer.ifPresent(o ->
          reporter.report(
              "misplaced-statement",
              "a block with steps has its optimizers within them",
              o.span()));
      whole.clip.ifPresent(c ->
          reporter.report("misplaced-statement", "a block with steps clips within them", c.span()));
    }
    return steps;
  }

  private static TrainSettings of(
      List<TrainItem> items, Span span, boolean inStep, Reporter reporter) {
    Optional<TrainItem.Minimize> minimize = Optional.empty();
    Optional<TrainItem.Optimizer> optimizer = Optional.empty();
    Optional<TrainItem.Clip> clip = Optional.empty();
    for (TrainItem item : items) {
      boolean again = false;
      switch (item) {
        case TrainItem.Minimize m -> {
          again = minimize.isPresent();
          minimize = Optional.of(m);
        }
        case TrainItem.Optimizer o -> {
          again = optimizer.isPresent();
          optimizer = Optional.of(o);
        }
        case TrainItem.Clip c -> {
          again = clip.isPresent();
          clip = Optional.of(c);
        }
        case TrainItem.Data _,
            TrainItem.Batch _,
            TrainItem.Epochs _,
            TrainItem.Stop _,
            TrainItem.Step _ -> {
          if (inStep) {
            reporter.report("misplaced-statement", "this belongs outside of 'step'", item.span());
          }
        }
        case TrainItem.Invalid _ -> {}
      }
      if (again) {
        reporter.report("duplicate-name", "this is set twice", item.span());
      }
    }
    return new TrainSettings(span, minimize, optimizer, clip);
  }
}
