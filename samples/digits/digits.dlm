import nn

/// Handwritten digits: two convolutions and a dense head.
model Digits(classes: int = 10) {
  /// Gray values in [0, 1].
  input image: f32[B, 1, 28, 28]
  /// The digit.
  input label: i32[B]

  logits = image
    |> nn.Conv(32, kernel = 5) |> relu |> max_pool(2)
    |> nn.Conv(64, kernel = 5) |> relu |> max_pool(2)
    |> flatten |> nn.Dense(1024) |> relu |> nn.Dropout(0.4)
    |> nn.Dense(classes)

  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, label))
  metric accuracy = mean(argmax(logits) == label)
}

train Digits {
  data image, label = idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
      or generated_digits("train", 12000)
  validate image, label = idx("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
      or generated_digits("validate", 2000)
  minimize loss
  optimizer adam(rate = cosine(peak = 1e-3, warmup = 200))
  clip global_norm(1.0)
  batch 128
  epochs 5
  stop when validate.accuracy stalls for 3 epochs
}

test "starts out undecided" {
  m = Digits()
  expect m.loss ≈ log(10.0) within 0.4
}
