import nn

words = 6000
longest = 8

/// English to French: an encoder that reads the source, and a decoder that looks at it and at what
/// it has said so far.
model Translation(width: int = 128, heads: int = 4, depth: int = 2, dropout: float = 0.1) {
  /// Words by their number in the vocabulary, 0 behind the last one.
  input source: i32[B, S]
  /// Words between marks of start and end, 0 behind.
  input target: i32[B, T]

  known = source != 0
  scale = sqrt(float(width))
  memory = nn.Embedding(words, width)(source) * scale + sinusoidal_positions(S, width)
    |> nn.Dropout(dropout)
  repeat i in 0..depth {
    encode = nn.TransformerBlock(heads, dropout = dropout) named encoder[i]
    memory = encode(memory, known)
  }
  memory = memory |> nn.LayerNorm() named encoder_norm

  said = nn.Embedding(words, width)
  x = said(target) * scale + sinusoidal_positions(T, width) |> nn.Dropout(dropout)
  repeat i in 0..depth {
    decode = nn.DecoderBlock(heads, dropout = dropout) named decoder[i]
    x = decode(x, memory, memory_mask = known)
  }
  logits = (x |> nn.LayerNorm() named decoder_norm) @ transpose(said.table)

  output next = softmax(logits[:, -1])
  wanted = target[:, 1:]
  counted = wanted != 0
  loss = masked_mean(cross_entropy(logits[:, :-1], wanted, smoothing = 0.1), counted)
  metric accuracy = masked_mean(cast(argmax(logits[:, :-1]) == wanted, f32), counted)
}

train Translation {
  data source, target = sentence_pairs(
    "fra-eng.zip",
    vocabulary = words,
    length = longest,
    limit = 60000,
    hold_back = 0.02
  )
  minimize loss
  optimizer adamw(rate = cosine(peak = 1e-3, warmup = 400, floor = 1e-5), beta2 = 0.98)
  clip global_norm(1.0)
  batch 64
  epochs 6
}

test "starts out undecided" {
  m = Translation()
  expect m.loss ≈ log(6000.0) within 1.5
}
