import nn

words = 20000

/// Whether a review of a film praises it: a transformer block over the words, and their mean.
model Sentiment(width: int = 64, heads: int = 2, context: int = 200) {
  /// Words by their number in the vocabulary, 0 behind the last one.
  input review: i32[B, T]
  /// 1 for praise.
  input positive: i32[B]
  where T <= context

  known = review != 0
  embedded = nn.Embedding(words, width)(review) + nn.Positions(context, width)(review)
  block = nn.TransformerBlock(heads, dropout = 0.1, expansion = 2)
  x = block(embedded |> nn.Dropout(0.3), known)
  read = reshape(cast(known, f32), [B, T, 1])
  mean_word = sum(x * read, 1) / maximum(sum(read, 1), 1.0)
  logits = mean_word |> nn.Dropout(0.3) |> nn.Dense(2) named head

  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, positive))
  metric accuracy = mean(argmax(logits) == positive)
}

train Sentiment {
  data review, positive = labelled_text(
    "train.tsv.gz",
    text = 3,
    label = 1,
    fields = 4,
    vocabulary = words,
    length = 200,
    keep = "end"
  )
  validate review, positive = labelled_text(
    "test.tsv.gz",
    text = 3,
    label = 1,
    fields = 4,
    vocabulary = words,
    length = 200,
    keep = "end"
  )
  minimize loss
  optimizer adamw(rate = cosine(peak = 1e-3, warmup = 100), decay = 0.01)
  clip global_norm(1.0)
  batch 32
  epochs 3
}

test "starts out undecided" {
  m = Sentiment()
  expect m.loss ≈ log(2.0) within 0.2
}
