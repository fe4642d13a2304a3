package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.BodyPass;
import dev.dlm.compiler.pass.RewriteRule;
import dev.dlm.compiler.pass.RewriteRuleSet;
import dev.dlm.ir.Body;
import java.util.List;
import java.util.stream.Stream;

/**
 * Applies the laws of arithmetic, extremes, logic and conversions: {@link SumRules}, {@link
 * ProductRules}, {@link ExtremeRules}, {@link LogicRules}, {@link CastRules}.
 *
 * <p>The laws hold for NaN, infinities and −0 too, and keep the bits of all results, with one
 * exception: powers with a constant exponent, see {@link ProductRules}. There is no {@code x * 0 →
 * 0} and no {@code x - x → 0} for floating-point numbers (NaN, infinities), no {@code x + 0 → x}
 * unless {@code x} cannot be −0, and no reassociation of sums or products.
 */
public record SimplifyAlgebra() implements BodyPass {
  private static final RewriteRuleSet RULES =
      new RewriteRuleSet(
          Stream.of(SumRules.ALL, ProductRules.ALL, ExtremeRules.ALL, LogicRules.ALL, CastRules.ALL)
              .<RewriteRule<?>>flatMap(List::stream)
              .toList());

  @Override
  public Body rewrite(Body body) {
    return RULES.rewrite(body);
  }
}
