package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.BodyRewriter;
import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.And;
import dev.dlm.op.math.Compare;
import dev.dlm.op.math.Max;
import dev.dlm.op.math.Min;
import dev.dlm.op.math.Mul;
import dev.dlm.op.math.Or;
import dev.dlm.op.math.Xor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes equal nodes once: the same op with the same attributes on the same operands, where the
 * operands of sums, products, extremes, equalities and logical ops may be exchanged. Ops are pure,
 * so all may be shared. The node that stays carries the places of all that it stands for.
 */
public record ShareCommonSubexpressions() implements BodyPass {
  private record Unordered(Op op, int low, int high) {}

  @Override
  public Body rewrite(Body body) {
    BodyRewriter rewriter = new BodyRewriter(body);
    Map<Unordered, Value> known = new HashMap<>();
    for (Node node : body.nodes()) {
      if (isCommutative(node.op())) {
        List<Value> operands = rewriter.replacementsOf(node.operands());
        int a = operands.get(0).id();
        int b = operands.get(1).id();
        Unordered key = new Unordered(node.op(), Math.min(a, b), Math.max(a, b));
        Value twin = known.get(key);
        // With symbolic sizes, the type is the first operand's, which a guard makes equal.
        if (twin != null && twin.type().equals(node.result().type())) {
          rewriter.replace(node.result(), twin);
          rewriter.addPlace(twin, node.location());
        } else {
          known.put(key, rewriter.copy(node).get(0));
        }
      } else {
        rewriter.copy(node);
      }
    }
    Body shared = rewriter.finish();
    return shared.nodes().size() == body.nodes().size() ? body : shared;
  }

  private static boolean isCommutative(Op op) {
    return switch (op) {
      case Add _, Mul _, Max _, Min _, And _, Or _, Xor _ -> true;
      case Compare compare ->
          compare.direction() == Compare.Direction.EQUAL
              || compare.direction() == Compare.Direction.NOT_EQUAL;
      default -> false;
    };
  }
}
