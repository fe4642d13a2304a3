import nn

/// From an image to the middle of a normal distribution of codes and the logarithm of its variance.
layer Encoder(code: int) {
  apply(image: F[B, 1, 28, 28]) -> (F[B, code], F[B, code]) {
    features = image
      |> nn.Conv(16, kernel = 4, stride = 2, padding = 1) |> relu
      |> nn.Conv(32, kernel = 4, stride = 2, padding = 1) |> relu
      |> flatten
    return features |> nn.Dense(code) named center, features |> nn.Dense(code) named log_variance
  }
}

/// From a code to the logarithm of the odds that a pixel is white.
layer Decoder {
  apply(code: F[B, N]) -> F[B, 1, 28, 28] {
    return reshape(code |> nn.Dense(32 * 7 * 7) |> relu, [B, 32, 7, 7])
      |> nn.ConvTranspose(16, kernel = 4, stride = 2, padding = 1) |> relu
      |> nn.ConvTranspose(1, kernel = 4, stride = 2, padding = 1)
  }
}

/// Digits as draws from a distribution of codes: Kingma, Welling, arXiv:1312.6114. Evaluation takes the
/// middle of each distribution in place of a draw.
model VariationalAutoencoder(code: int = 16) {
  /// Gray values in [0, 1].
  input image: f32[B, 1, 28, 28]

  encoder = Encoder(code)
  decoder = Decoder()
  center, log_variance = encoder(image)
  drawn = center
  if training {
    drawn = center + exp(0.5 * log_variance) * random_normal(center.shape)
  }
  logit = decoder(drawn)

  output center
  output restored = sigmoid(logit)
  reconstruction = mean(sum(binary_cross_entropy(logit, image), [1, 2, 3]))
  divergence = mean(0.5 * sum(center * center + exp(log_variance) - log_variance - 1.0, 1))
  /// The negative of the lower bound of the log-likelihood, in nats an image.
  loss = reconstruction + divergence
  metric reconstruction_error = reconstruction
  metric code_divergence = divergence
}

train VariationalAutoencoder {
  data image = idx("train-images-idx3-ubyte.gz") or generated_digits("train", 12000)
  validate image = idx("t10k-images-idx3-ubyte.gz") or generated_digits("validate", 2000)
  minimize loss
  optimizer adam(rate = cosine(peak = 2e-3, warmup = 20))
  batch 128
  epochs 5
}

/// The decoder alone, with the weights of the whole: images from codes.
model Draw(code: int = 16) {
  /// Standard normal numbers.
  input noise: f32[B, code]
  decoder = Decoder()
  output image = sigmoid(decoder(noise))
}

test "the divergence of a standard normal distribution is zero" {
  m = VariationalAutoencoder()
  expect m.code_divergence > 0.0
}
