/// softmax(query · keyᵀ / √D) · value for each head: Vaswani et al., arXiv:1706.03762, section
/// 3.2.1. With fewer heads G of keys and values, H / G heads of queries share each: Ainslie et al.,
/// arXiv:2305.13245.
///
/// `causal`: position t of the T last of S looks at none behind it. `mask`: bool [B, S] or [B, T,
/// S], true where may be looked; a position that may look nowhere gives zeros. `dropout` is the
/// rate for weights; without it, they never stand in memory all at once.
function scaled_dot_attention(
  query: F[B, T, H, D],
  key: F[B, S, G, D],
  values: F[B, S, G, E],
  causal: bool = false,
  mask = true,
  dropout: float = 0.0
) -> F[B, T, H, E] {
  where H % G == 0
  scale = 1.0 / sqrt(float(D))
  if dropout == 0.0 {
    name = "scaled_dot_product_attention"
    if is_tensor(mask) {
      seen = reshape(mask, [B] + repeated(1, 3 - mask.rank) + mask.shape[1:])
      y, sums = op(name, query, key, values, seen, causal = causal, scale = scale)
      return y
    }
    y, sums = op(name, query, key, values, causal = causal, scale = scale)
    return y
  }
  split_heads = if H == G then [H] else [G, H / G]
  rows = if H == G then [0, 2, 1, 3] else [0, 2, 3, 1, 4]
  scores = transpose(reshape(query, [B, T] + split_heads + [D]), rows)
      @ transpose(key, [0, 2, 3, 1])
  // Scaled behind the product, where it costs no pass of its own.
  scores = scores * scale
  visible = mask
  if is_tensor(mask) {
    inner = repeated(1, scores.rank - mask.rank)
    visible = reshape(mask, [B] + inner + mask.shape[1:])
  }
  if causal {
    before = reshape(iota(T), [T, 1]) + (S - T) >= iota(S)
    visible = if is_tensor(mask) then visible and before else before
  }
  p = if is_tensor(visible) then masked_softmax(scores, visible) else softmax(scores)
  mixed = (p |> Dropout(dropout)) @ transpose(values, [0, 2, 1, 3])
  back = if H == G then [0, 2, 1, 3] else [0, 3, 1, 2, 4]
  return reshape(transpose(mixed, back), [B, T, H, E])
}

/// Attention of `heads` heads from x to itself, or to `memory` where it is applied as `attention(x,
/// memory)`: Vaswani et al., arXiv:1706.03762, section 3.2.2. `kv_heads`, `causal`, `dropout` and
/// `mask` are as in `scaled_dot_attention`; `rotary_base` above 0 rotates queries and keys by
/// `rotary`.
layer Attention(
  heads: int,
  kv_heads: int = heads,
  causal: bool = false,
  dropout: float = 0.0,
  bias: bool = true,
  rotary_base: float = 0.0,
  interleaved: bool = false,
  init: initializer = glorot_uniform
) {
  apply(x: F[B, T, W], memory: F[B, S, M] = x, mask = true) -> F[B, T, W] {
    where W % heads == 0
    D = W / heads
    query = reshape(x |> Dense(W, bias, init) named query, [B, T, heads, D])
    key = reshape(memory |> Dense(kv_heads * D, bias, init) named key, [B, S, kv_heads, D])
    values = reshape(memory |> Dense(kv_heads * D, bias, init) named value, [B, S, kv_heads, D])
    if rotary_base > 0.0 {
      query = rotary(query, rotary_base, interleaved = interleaved)
      key = rotary(key, rotary_base, interleaved = interleaved)
    }
    mixed = scaled_dot_attention(query, key, values, causal, mask, dropout)
    return reshape(mixed, [B, T, W]) |> Dense(W, bias, init) named out
  }
}
