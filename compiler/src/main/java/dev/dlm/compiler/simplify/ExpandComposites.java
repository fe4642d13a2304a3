package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Node;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import java.util.List;

/**
 * Replaces composite ops by their expansions, and composite ops within these by theirs. The nodes
 * made carry the place of the composite one, except where the expansion says its own. Ops that are
 * {@linkplain CompositeOp#isOneStep one step} stay.
 */
public record ExpandComposites() implements BodyPass {

  @Override
  public Body rewrite(Body body) {
    Body current = body;
    for (int depth = 0; depth <= GraphInvariants.MAX_DEPTH; depth++) {
      if (current.nodes().stream().noneMatch(ExpandComposites::isExpanded)) {
        return current == body ? body : LiveNodes.prune(current);
      }
      current = expand(current);
    }
    throw new InternalException("the expansion of a composite op holds that op again");
  }

  private static boolean isExpanded(Node node) {
    return node.op() instanceof CompositeOp op && !op.isOneStep(types(node.operands()));
  }

  private Body expand(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    for (Node node : body.nodes()) {
      if (!(node.op() instanceof CompositeOp op) || !isExpanded(node)) {
        rewriter.copy(node);
        continue;
      }
      List<Value> results =
          op.expand(
              rewriter.builder().at(node.location()), rewriter.replacementsOf(node.operands()));
      if (!types(results).equals(types(node.results()))) {
        throw new InternalException(
            "the expansion of " + op.name() + " gives " + results + " for " + node.results());
      }
      for (int i = 0; i < results.size(); i++) {
        rewriter.replace(node.results().get(i), results.get(i));
      }
    }
    return rewriter.finish();
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }
}
