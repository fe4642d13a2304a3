package dev.dlm.op.nn;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.array.Reduce;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention: for {@code query [B, T, H, D]}, {@code key [B, S, G, D]}, {@code values [B, S, G, E]}
 * and, if there is a fourth operand, {@code mask: bool[B, T, S]} or {@code bool[B, 1, S]}, for each
 * example and each head {@code h} with its group {@code g = floor(h · G / H)}
 *
 * <pre>
 * {@code s[t, i] = scale · Σ_d query[t, h, d] * key[i, g, d]
 * l[t, h] = log Σ_i exp(s[t, i])
 * y[t, h, e] = Σ_i exp(s[t, i] - l[t, h]) * values[i, g, e]}
 * </pre>
 *
 * where the sums are over all {@code i} at which {@code t} may look: those where the mask is true
 * and, if {@code causal}, none behind {@code t}, the position of which is that among the {@code T}
 * last of {@code S}. What may look nowhere has {@code y = 0} and {@code l = 0}. The results are
 * {@code y [B, T, H, E]} and {@code l [B, T, H]}, of which the gradient makes use. Heads are an
 * axis before the last, as a dense layer leaves them, and fewer heads of keys and values than of
 * queries are shared by groups of them, so that nothing is copied. Vaswani et al.,
 * arXiv:1706.03762, section 3.2.1; groups: Ainslie et al., arXiv:2305.13245.
 *
 * <p>(C1) three operands or four; (C2) query, key and values are of one floating-point type and
 * (C3) of rank 4; (C4) batch sizes are equal; (C5) key and values have as many positions and heads;
 * (C6) query and key have vectors of one size; (C7) {@code H} is a multiple of {@code G}; (C8) the
 * mask is {@code bool} of the shapes above; (C9) {@code scale} is positive and finite.
 *
 * <p>A composite op that stays one step in {@code f32}: a device may go through the scores block by
 * block, without a matrix of them in memory (Rabe, Staats, arXiv:2112.05682; Dao et al.,
 * arXiv:2205.14135). The gradient is {@link ScaledDotProductAttentionGradient}, which computes the
 * scores again.
 */
public record ScaledDotProductAttention(boolean causal, double scale) implements CompositeOp {
  /** The place of the mask among the operands. */
  private static final int MASK = 3;

  @Override
  public void check(InferContext context) {
    context.check(
        "C1",
        context.count() == MASK || context.count() == MASK + 1,
        "takes query, key, values and possibly a mask, not " + context.count() + " operands");
    AttentionHeads.check(context, scale, MASK);
  }

  @Override
  public boolean isOneStep(List<TensorType> operands) {
    return operands.get(0).dtype() == DType.F32;
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    AttentionHeads heads = new AttentionHeads(b, operands.get(0), operands.get(1));
    Optional<Value> visible = heads.visible(causal, operands.subList(MASK, operands.size()));
    Value scores = heads.scores(scale, visible);
    Value largest = heads.reduce(Reduce.Kind.MAX, scores);
    Value exponentials = b.exp(b.sub(scores, heads.spread(largest)));
    Value seen = heads.where(visible, exponentials, 0);
    // At least 1, but where a position looks nowhere.
    Value sum = heads.reduce(Reduce.Kind.SUM, seen);
    Value half = b.like(sum, 0.5);
    Value total = b.max(sum, half);
    Value logarithm = b.add(largest, b.log(total));
    return List.of(
        heads.joined(heads.weighted(b.div(seen, heads.spread(total)), operands.get(2))),
        heads.joined(b.select(b.less(sum, half), b.like(sum, 0), logarithm)));
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    for (int operand = 0; operand < MASK; operand++) {
      int wanted = operand;
      context.gradient(operand, () -> gradients(context, b).get(wanted));
    }
    if (context.count() > MASK) {
      context.zero(MASK);
    }
  }

  /** Equal nodes are one, so that asking for each operand makes them once. */
  private List<Value> gradients(GradientContext context, BodyBuilder b) {
    Value upstream = context.upstream(0);
    List<Integer> last = List.of(upstream.rank() - 1);
    Value offset = b.sub(b.sum(b.mul(upstream, context.out(0)), last), context.upstream(1));
    List<Value> operands = new ArrayList<>(List.of(context.in(0), context.in(1), context.in(2)));
    operands.addAll(List.of(context.out(1), upstream, offset));
    if (context.count() > MASK) {
      operands.add(context.in(MASK));
    }
    return b.apply(new ScaledDotProductAttentionGradient(causal, scale), operands);
  }
}
