package dev.dlm.op.nn;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.InferContext;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of {@link ScaledDotProductAttention} with respect to query, key and values, of their
 * types. The operands are query, key, values; {@code l [B, T, H]}, the attention's second result;
 * {@code u [B, T, H, E]}, the gradient with respect to the first; {@code c [B, T, H]}; and the
 * mask, if there is one. With the scores {@code s} of the attention, for each head and its group,
 *
 * <pre>
 * {@code p[t, i] = exp(s[t, i] - l[t, h])     where t may look at i, else 0
 * r[t, i] = scale · p[t, i] * (Σ_e u[t, h, e] * values[i, g, e] - c[t, h])
 * dquery[t, h, d] = Σ_i r[t, i] * key[i, g, d]
 * dkey[i, g, d] = Σ_{h of g, t} r[t, i] * query[t, h, d]
 * dvalues[i, g, e] = Σ_{h of g, t} p[t, i] * u[t, h, e]}
 * </pre>
 *
 * which is the gradient where {@code c} is {@code Σ_e u * y} less the gradient with respect to
 * {@code l}: Dao et al., arXiv:2205.14135, appendix B.2.
 *
 * <p>(C1) six operands or seven; (C2)–(C9) are those of {@link ScaledDotProductAttention}; (C10)
 * {@code l}, {@code u} and {@code c} are of the query's element type and of the shapes above.
 *
 * <p>A composite op that stays one step in {@code f32}. Its own gradient is that of the expansion.
 */
public record ScaledDotProductAttentionGradient(boolean causal, double scale)
    implements CompositeOp {
  /** The place of the mask among the operands. */
  private static final int MASK = 6;

  @Override
  public void check(InferContext context) {
    context.check(
        "C1",
        context.count() == MASK || context.count() == MASK + 1,
        "takes six operands and possibly a mask, not " + context.count());
    AttentionHeads.check(context, scale, MASK);
    TensorType query = context.in(0);
    Shape rows = new Shape(query.shape().dims().subList(0, 3));
    Shape upstream =
        new Shape(List.of(query.dim(0), query.dim(1), query.dim(2), context.in(2).dim(3)));
    for (int operand = 3; operand < MASK; operand++) {
      context.checkDType(
          "C10",
          context.in(operand).dtype() == query.dtype(),
          "operand " + operand + " is " + context.in(operand) + ", the query " + query);
      context.checkEqual(
          "C10",
          context.in(operand).shape(),
          operand == 4 ? upstream : rows,
          "the shape of operand " + operand + " does not fit the query");
    }
  }

  @Override
  public boolean isOneStep(List<TensorType> operands) {
    return operands.get(0).dtype() == DType.F32;
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    Value query = operands.get(0);
    Value key = operands.get(1);
    Value values = operands.get(2);
    Value upstream = operands.get(4);
    AttentionHeads heads = new AttentionHeads(b, query, key);
    Optional<Value> visible = heads.visible(causal, operands.subList(MASK, operands.size()));
    Value scores = heads.scores(scale, visible);
    Value ratios = b.exp(b.sub(scores, heads.spread(heads.split(operands.get(3)))));
    Value weights = heads.where(visible, ratios, 0);
    Value differences =
        b.sub(heads.products(upstream, values), heads.spread(heads.split(operands.get(5))));
    // Not through weights of 0, so that what is hidden and infinite stays hidden.
    Value changes = heads.where(visible, b.mul(b.mul(weights, differences), scale), 0);
    return List.of(
        heads.joined(heads.weighted(changes, key)),
        heads.weightedOverRows(changes, query),
        heads.weightedOverRows(weights, upstream));
  }
}
