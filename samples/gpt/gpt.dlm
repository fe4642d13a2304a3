import nn

/// The next character of a text, from those before it: a transformer with rotary positions.
model Gpt(
  vocabulary: int = 65,
  width: int = 192,
  heads: int = 6,
  depth: int = 4,
  dropout: float = 0.1
) {
  /// Characters, by their number in the vocabulary.
  input tokens: i32[B, T]
  /// The same, moved on by one.
  input following: i32[B, T]

  embed = nn.Embedding(vocabulary, width)
  x = embed(tokens)
  repeat i in 0..depth {
    x = x
      |> nn.TransformerBlock(
        heads,
        causal = true,
        rotary_base = 10000.0,
        dropout = dropout,
        bias = false,
        norm = nn.RmsNorm
      ) named block[i]
  }
  logits = x |> nn.RmsNorm() named norm |> nn.Dense(vocabulary, bias = false) named head

  output next = softmax(logits[:, -1])
  /// Nats for each character.
  loss = mean(cross_entropy(logits, following))
}

train Gpt {
  data tokens, following = text("input.txt", length = 128, hold_back = 0.1)
  minimize loss
  optimizer adamw(rate = cosine(peak = 2e-3, warmup = 100, floor = 1e-4), beta2 = 0.99, decay = 0.1)
  clip global_norm(1.0)
  batch 32
  epochs 10
}

test "starts out undecided" {
  m = Gpt()
  expect m.loss ≈ log(65.0) within 0.7
}
