import nn

/// The class of a sequence, from the last state of a long short-term memory.
model Lstm(width: int = 128, hidden: int = 256, classes: int = 64) {
  input sequence: f32[B, T, width]
  input label: i32[B]

  states = sequence |> nn.Lstm(hidden) named lstm
  logits = states[:, -1] |> nn.Dense(classes) named dense

  loss = mean(cross_entropy(logits, label))
}

train Lstm {
  data sequence, label = idx("sequences", "labels")
  minimize loss
  optimizer sgd(rate = 0.01)
  batch 32
}
