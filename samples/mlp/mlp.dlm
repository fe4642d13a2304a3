import nn

/// Handwritten digits by three dense layers.
model Mlp(classes: int = 10, width: int = 128) {
  /// Gray values in [0, 1], row by row.
  input image: f32[B, 784]
  /// The digit.
  input label: i32[B]

  logits = image
    |> nn.Dense(width) |> relu
    |> nn.Dense(width) |> relu
    |> nn.Dense(classes)

  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, label))
  metric accuracy = mean(argmax(logits) == label)
}

train Mlp {
  data image, label = idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
      or generated_digits("train", 12000)
  validate image, label = idx("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
      or generated_digits("validate", 2000)
  minimize loss
  optimizer adam(rate = cosine(peak = 2e-3, warmup = 100))
  batch 128
  epochs 5
}

test "starts out undecided" {
  m = Mlp()
  expect m.loss ≈ log(10.0) within 0.4
}
