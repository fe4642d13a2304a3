import nn

/// From an image to a few numbers.
layer Encoder(code: int) {
  apply(image: F[B, 1, 28, 28]) -> F[B, code] {
    return image
      |> nn.Conv(16, kernel = 4, stride = 2, padding = 1) |> relu
      |> nn.Conv(32, kernel = 4, stride = 2, padding = 1) |> relu
      |> flatten |> nn.Dense(code)
  }
}

/// And back: the logarithm of the odds that a pixel is white.
layer Decoder {
  apply(code: F[B, N]) -> F[B, 1, 28, 28] {
    return reshape(code |> nn.Dense(32 * 7 * 7) |> relu, [B, 32, 7, 7])
      |> nn.ConvTranspose(16, kernel = 4, stride = 2, padding = 1) |> relu
      |> nn.ConvTranspose(1, kernel = 4, stride = 2, padding = 1)
  }
}

/// Handwritten digits squeezed through a few numbers and restored.
model Autoencoder(size: int = 16) {
  /// Gray values in [0, 1].
  input image: f32[B, 1, 28, 28]

  encoder = Encoder(size)
  decoder = Decoder()
  code = encoder(image)
  logit = decoder(code)

  output code
  output restored = sigmoid(logit)
  loss = mean(binary_cross_entropy(logit, image))
  metric square_error = mean_square_error(sigmoid(logit), image)
}

train Autoencoder {
  data image = idx("train-images-idx3-ubyte.gz") or generated_digits("train", 12000)
  validate image = idx("t10k-images-idx3-ubyte.gz") or generated_digits("validate", 2000)
  minimize loss
  optimizer adam(rate = cosine(peak = 2e-3, warmup = 20))
  batch 128
  epochs 3
}

test "starts out undecided" {
  m = Autoencoder()
  expect m.loss ≈ log(2.0) within 0.2
}
