import nn

/// A small LLaMA (Touvron et al., arXiv:2302.13971) that tells stories, one token a call: the stream
/// keeps the keys and values of all tokens before. The standard values are those of the model
/// stories260K of the TinyStories collection.
model Stories(
  width: int = 64,
  hidden: int = 172,
  depth: int = 5,
  heads: int = 8,
  groups: int = 4,
  vocabulary: int = 512,
  context: int = 512
) {
  input token: i32[1]
  stream position: i32[]

  weight embedding: f32[vocabulary, width] = normal(0.02)
  x = take(embedding, token)
  repeat i in 0..depth {
    x = x |> Block(heads, groups, hidden, context, position) named block[i]
  }
  next position = position + 1

  /// The scores of all tokens to be the next one.
  output logits = reshape(RootMeanSquareNorm()(x) @ transpose(embedding), [vocabulary])
  /// The token with the highest score.
  output best = argmax(logits)
}

/// Attention and a gated layer, each added to what it reads.
layer Block(heads: int, groups: int, hidden: int, context: int, position: tensor) {
  apply(x: F[1, W]) -> F[1, W] {
    attended = x
      |> RootMeanSquareNorm() named attention_norm
      |> CachedAttention(heads, groups, context, position) named attention
    y = x + attended
    return y + (y |> RootMeanSquareNorm() named gate_norm |> Gate(hidden) named gate)
  }
}

/// x brought to a mean square of 1, then scaled: Zhang, Sennrich, arXiv:1910.07467
layer RootMeanSquareNorm(epsilon: float = 1e-5) {
  apply(x: F[..B, N]) -> F[..B, N] {
    weight scale: F[N] = ones
    return x * rsqrt(mean(x * x, -1, keep = true) + epsilon) * scale
  }
}

/// Shazeer's gated layer: (silu(x @ gate) · (x @ up)) @ down, arXiv:2002.05202
layer Gate(hidden: int) {
  apply(x: F[1, W]) -> F[1, W] {
    weight gate: F[W, hidden] = glorot_uniform
    weight up: F[W, hidden] = glorot_uniform
    weight down: F[hidden, W] = glorot_uniform
    return (silu(x @ gate) * (x @ up)) @ down
  }
}

/// Attention of one token to itself and all before it. The heads form `groups` that share keys and
/// values: Ainslie et al., arXiv:2305.13245
layer CachedAttention(heads: int, groups: int, context: int, position: tensor) {
  apply(x: F[1, W]) -> F[1, W] {
    size = W / heads
    weight query: F[W, heads * size] = glorot_uniform
    weight key: F[W, groups * size] = glorot_uniform
    weight value: F[W, groups * size] = glorot_uniform
    weight out: F[heads * size, W] = glorot_uniform
    stream keys: F[groups, context, size]
    stream values: F[groups, context, size]

    q = rotated(reshape(x @ query, [groups, heads / groups, size]), position)
    k = rotated(reshape(x @ key, [groups, 1, size]), position)
    v = reshape(x @ value, [groups, 1, size])
    start = [0, position, 0]
    all_keys = dynamic_update(keys, k, start)
    all_values = dynamic_update(values, v, start)
    next keys = all_keys
    next values = all_values

    scores = (q @ transpose(all_keys, [0, 2, 1])) * (1.0 / sqrt(float(size)))
    seen = reshape(iota(context) <= position, [1, 1, context])
    weights = softmax(select(broadcast(seen, scores.shape), scores, -1e9))
    return reshape(weights @ all_values, [1, W]) @ out
  }
}

/// Each pair of neighbours turned by an angle that grows with the position and falls with the place
/// of the pair: Su et al., arXiv:2104.09864
function rotated(x: F[G, H, N], position: tensor, base: float = 10000.0) -> F[G, H, N] {
  pair = cast(iota(N / 2), F)
  angle = cast(position, F) * exp(pair * (-2.0 * log(base) / N))
  pairs = reshape(x, [G, H, N / 2, 2])
  across = reverse(pairs, 3) * cast(iota(2) * 2 - 1, F)
  turned = pairs * reshape(cos(angle), [N / 2, 1]) + across * reshape(sin(angle), [N / 2, 1])
  return reshape(turned, [G, H, N])
}
