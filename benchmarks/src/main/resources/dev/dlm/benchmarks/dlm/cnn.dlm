import nn

/// Handwritten digits: two convolutions and two dense layers.
model Cnn {
  input image: f32[B, 1, 28, 28]
  input label: i32[B]

  logits = image
    |> nn.Conv(32, kernel = 5) named conv1 |> relu |> max_pool(2)
    |> nn.Conv(64, kernel = 5) named conv2 |> relu |> max_pool(2)
    |> flatten |> nn.Dense(1024) named dense1 |> relu |> nn.Dense(10) named dense2

  loss = mean(cross_entropy(logits, label))
}

train Cnn {
  data image, label = idx("images", "labels")
  minimize loss
  optimizer sgd(rate = 0.01)
  batch 64
}
