/// Two dense layers on the last axis with an activation between them: Vaswani et al.,
/// arXiv:1706.03762, section 3.3. `gated` multiplies the activated layer with a further one:
/// Shazeer, arXiv:2002.05202 (with `silu` this is SwiGLU).
layer FeedForward(
  hidden: int,
  activation: function = gelu,
  gated: bool = false,
  dropout: float = 0.0,
  bias: bool = true,
  init: initializer = glorot_uniform
) {
  apply(x: F[..B, W]) -> F[..B, W] {
    h = x |> Dense(hidden, bias, init) named up |> activation
    if gated {
      h = h * (x |> Dense(hidden, bias, init) named linear)
    }
    return h |> Dropout(dropout) |> Dense(W, bias, init) named down
  }
}

/// Attention and a feed-forward layer `expansion` times as wide, each added to what it reads:
/// Vaswani et al., arXiv:1706.03762. They read it normalized; with `norm_first = false` the sum is
/// normalized instead, as in the paper (Xiong et al., arXiv:2002.04745 compares both). A decoder
/// alone has `causal = true`; what the other parameters mean, `Attention` and `FeedForward` say.
layer TransformerBlock(
  heads: int,
  kv_heads: int = heads,
  causal: bool = false,
  dropout: float = 0.0,
  expansion: int = 4,
  activation: function = gelu,
  gated: bool = false,
  bias: bool = true,
  norm: layer = LayerNorm,
  norm_first: bool = true,
  rotary_base: float = 0.0,
  init: initializer = glorot_uniform
) {
  attention = Attention(heads, kv_heads, causal, 0.0, bias, rotary_base, init = init)
  drop = Dropout(dropout)
  apply(x: F[B, T, W], mask = true) -> F[B, T, W] {
    feed = FeedForward(expansion * W, activation, gated, 0.0, bias, init) named feed_forward
    if norm_first {
      y = x + drop(attention(x |> norm() named attention_norm, mask = mask))
      return y + drop(feed(y |> norm() named feed_forward_norm))
    }
    y = x + drop(attention(x, mask = mask)) |> norm() named attention_norm
    return y + drop(feed(y)) |> norm() named feed_forward_norm
  }
}

/// As `TransformerBlock`, with attention to `memory`, the encoder's result, between its own causal
/// attention and the feed-forward layer: Vaswani et al., arXiv:1706.03762. Applied as `block(x,
/// memory)`; `mask` is that of x, `memory_mask` that of the memory.
layer DecoderBlock(
  heads: int,
  kv_heads: int = heads,
  dropout: float = 0.0,
  expansion: int = 4,
  activation: function = gelu,
  gated: bool = false,
  bias: bool = true,
  norm: layer = LayerNorm,
  norm_first: bool = true,
  rotary_base: float = 0.0,
  init: initializer = glorot_uniform
) {
  attention = Attention(heads, kv_heads, true, 0.0, bias, rotary_base, init = init)
  cross = Attention(heads, kv_heads, bias = bias, init = init)
  drop = Dropout(dropout)
  apply(x: F[B, T, W], memory: F[B, S, M], mask = true, memory_mask = true) -> F[B, T, W] {
    feed = FeedForward(expansion * W, activation, gated, 0.0, bias, init) named feed_forward
    if norm_first {
      y = x + drop(attention(x |> norm() named attention_norm, mask = mask))
      y = y + drop(cross(y |> norm() named cross_norm, memory, memory_mask))
      return y + drop(feed(y |> norm() named feed_forward_norm))
    }
    y = x + drop(attention(x, mask = mask)) |> norm() named attention_norm
    y = y + drop(cross(y, memory, memory_mask)) |> norm() named cross_norm
    return y + drop(feed(y)) |> norm() named feed_forward_norm
  }
}
