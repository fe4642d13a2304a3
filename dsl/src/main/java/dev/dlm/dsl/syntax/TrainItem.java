package dev.dlm.dsl.syntax;

import java.util.List;

/** A line of a {@code train} block. */
public sealed interface TrainItem {

  /** Where it stands. */
  Span span();

  /** {@code data names = source}, or {@code validate names = source}. */
  record Data(Span span, boolean validation, List<Name> inputs, Expression source)
      implements TrainItem {
    public Data {
      inputs = List.copyOf(inputs);
    }
  }

  /** {@code minimize loss over weights}; without weights, over all of them. */
  record Minimize(Span span, Expression loss, List<Expression> over) implements TrainItem {
    public Minimize {
      over = List.copyOf(over);
    }
  }

  /** {@code optimizer value}. */
  record Optimizer(Span span, Expression value) implements TrainItem {}

  /** {@code clip value}. */
  record Clip(Span span, Expression value) implements TrainItem {}

  /** {@code batch count}. */
  record Batch(Span span, Expression value) implements TrainItem {}

  /** {@code epochs count}. */
  record Epochs(Span span, Expression value) implements TrainItem {}

  /** {@code stop when metric stalls for count epochs}. */
  record Stop(Span span, Expression metric, Expression epochs) implements TrainItem {}

  /** {@code step { … }}: one of several updates that a training step makes. */
  record Step(Span span, List<TrainItem> items) implements TrainItem {
    public Step {
      items = List.copyOf(items);
    }
  }

  /** A line that could not be read; an error has been reported. */
  record Invalid(Span span) implements TrainItem {}
}
