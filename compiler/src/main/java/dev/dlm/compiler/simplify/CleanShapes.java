package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteRuleSet;
import dev.dlm.ir.Body;
import java.util.List;
import java.util.stream.Stream;

/**
 * Applies the laws of ops that move, repeat and reduce elements: {@link ReshapeRules}, {@link
 * TransposeRules}, {@link BroadcastRules}, {@link SliceRules}, {@link ReduceRules}.
 *
 * <p>All keep every bit except that sums over repeated elements become products, see {@link
 * ReduceRules}.
 */
public record CleanShapes() implements BodyPass {
  private static final RewriteRuleSet RULES =
      new RewriteRuleSet(
          Stream.of(
                  ReshapeRules.ALL,
                  TransposeRules.ALL,
                  BroadcastRules.ALL,
                  SliceRules.ALL,
                  ReduceRules.ALL)
              .<RewriteRule<?>>flatMap(List::stream)
              .toList());

  @Override
  public Body rewrite(Body body) {
    return RULES.rewrite(body);
  }
}
