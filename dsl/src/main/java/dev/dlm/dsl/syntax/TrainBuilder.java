package dev.dlm.dsl.syntax;

import dev.dlm.dsl.grammar.DlmParser.BatchItemContext;
import dev.dlm.dsl.grammar.DlmParser.ClipItemContext;
import dev.dlm.dsl.grammar.DlmParser.DataItemContext;
import dev.dlm.dsl.grammar.DlmParser.EpochsItemContext;
import dev.dlm.dsl.grammar.DlmParser.ExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.MinimizeItemContext;
import dev.dlm.dsl.grammar.DlmParser.OptimizerItemContext;
import dev.dlm.dsl.grammar.DlmParser.StepItemContext;
import dev.dlm.dsl.grammar.DlmParser.StopItemContext;
import dev.dlm.dsl.grammar.DlmParser.TrainBodyContext;
import dev.dlm.dsl.grammar.DlmParser.TrainItemContext;
import java.util.ArrayList;
import java.util.List;

/** Builds the lines of a {@code train} block from the parse tree. */
final class TrainBuilder {
  private final TreeBuilder tree;

  TrainBuilder(TreeBuilder tree) {
    this.tree = tree;
  }

  List<TrainItem> items(TrainBodyContext context) {
    List<TrainItem> items = new ArrayList<>();
    for (TrainItemContext item : context.trainItem()) {
      items.add(item(item));
    }
    return items;
  }

  private TrainItem item(TrainItemContext context) {
    Span span = tree.span(context);
    if (context.exception != null) {
      return new TrainItem.Invalid(span);
    }
    return switch (context) {
      case DataItemContext c ->
          new TrainItem.Data(
              span,
              c.VALIDATE() != null,
              c.names().name().stream().map(tree::name).toList(),
              tree.expression(c.expression()));
      case MinimizeItemContext c -> {
        List<ExpressionContext> values = c.expression();
        yield new TrainItem.Minimize(
            span,
            tree.expression(values.getFirst()),
            tree.expressions(values.subList(1, values.size())));
      }
      case OptimizerItemContext c -> new TrainItem.Optimizer(span, tree.expression(c.expression()));
      case ClipItemContext c -> new TrainItem.Clip(span, tree.expression(c.expression()));
      case BatchItemContext c -> new TrainItem.Batch(span, tree.expression(c.expression()));
      case EpochsItemContext c -> new TrainItem.Epochs(span, tree.expression(c.expression()));
      case StopItemContext c ->
          new TrainItem.Stop(
              span, tree.expression(c.expression(0)), tree.expression(c.expression(1)));
      case StepItemContext c -> new TrainItem.Step(span, items(c.trainBody()));
      default -> throw TreeBuilder.unknown(context);
    };
  }
}
