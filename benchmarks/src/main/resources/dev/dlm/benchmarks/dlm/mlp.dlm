import nn

/// Three dense layers.
layer Network {
  apply(image: f32[B, 784]) -> f32[B, 10] {
    return image
      |> nn.Dense(128) named dense1 |> relu
      |> nn.Dense(128) named dense2 |> relu
      |> nn.Dense(10) named dense3
  }
}

model Mlp {
  input image: f32[B, 784]
  input label: i32[B]
  logits = image |> Network()
  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, label))
}

model MlpAdam {
  input image: f32[B, 784]
  input label: i32[B]
  loss = mean(cross_entropy(image |> Network(), label))
}

train Mlp {
  data image, label = idx("images", "labels")
  minimize loss
  optimizer sgd(rate = 0.01)
  batch 128
}

train MlpAdam {
  data image, label = idx("images", "labels")
  minimize loss
  optimizer adam(rate = 0.001)
  batch 128
}
