import nn

/// The next character of a text, from those before it: a gated recurrent layer.
model Chars(vocabulary: int = 65, width: int = 64, hidden: int = 256) {
  /// Characters, by their number in the vocabulary.
  input tokens: i32[B, T]
  /// The same, moved on by one.
  input following: i32[B, T]

  logits = tokens
    |> nn.Embedding(vocabulary, width)
    |> nn.Gru(hidden)
    |> nn.Dropout(0.2)
    |> nn.Dense(vocabulary) named head

  output next = softmax(logits[:, -1])
  /// Nats for each character.
  loss = mean(cross_entropy(logits, following))
}

train Chars {
  data tokens, following = text("input.txt", length = 100, hold_back = 0.1)
  minimize loss
  optimizer adam(rate = cosine(peak = 4e-3, warmup = 50, floor = 1e-4))
  clip global_norm(1.0)
  batch 50
  epochs 8
}

test "starts out undecided" {
  m = Chars()
  expect m.loss ≈ log(65.0) within 0.7
}
