import nn

/// Images from noise and the digits that they are to show.
layer Generator(width: int) {
  apply(noise: F[B, Z], digit: i32[B]) -> F[B, 1, 28, 28] {
    small = concat([noise, one_hot(digit, 10, F)], 1)
      |> nn.Dense(2 * width * 7 * 7, init = normal(0.05)) |> nn.BatchNorm() |> relu
    return reshape(small, [B, 2 * width, 7, 7])
      |> nn.ConvTranspose(width, kernel = 4, stride = 2, padding = 1, init = normal(0.02))
      |> nn.BatchNorm() |> relu
      |> nn.ConvTranspose(1, kernel = 4, stride = 2, padding = 1, init = normal(0.02))
      |> sigmoid
  }
}

/// Whether an image is real, as the logarithm of the odds, and which digit it shows.
layer Discriminator(width: int) {
  apply(image: F[B, 1, 28, 28]) -> (F[B], F[B, 10]) {
    features = image
      |> nn.Conv(width, kernel = 4, stride = 2, padding = 1, init = normal(0.02))
      |> leaky_relu(0.2) |> nn.Dropout(0.3)
      |> nn.Conv(2 * width, kernel = 4, stride = 2, padding = 1, init = normal(0.02))
      |> leaky_relu(0.2) |> nn.Dropout(0.3)
      |> flatten
    real = features |> nn.Dense(1) named real
    return reshape(real, [B]), features |> nn.Dense(10) named digit
  }
}

/// A generator and a discriminator against each other: Goodfellow et al., arXiv:1406.2661, of convolutions:
/// Radford, Metz, Chintala, arXiv:1511.06434, told apart by classes: Odena, Olah, Shlens, arXiv:1610.09585.
model Dcgan(width: int = 32, noise: int = 64) {
  /// Gray values in [0, 1].
  input image: f32[B, 1, 28, 28]
  /// The digit.
  input label: i32[B]

  generator = Generator(width)
  discriminator = Discriminator(width)
  seeds = zeros([B, noise])
  if training {
    seeds = random_normal([B, noise])
  }
  fake = generator(seeds, label)
  real_odds, real_digit = discriminator(image)
  fake_odds, fake_digit = discriminator(fake)

  loss discriminator_loss = mean(softplus(-real_odds)) + mean(softplus(fake_odds))
      + mean(cross_entropy(real_digit, label))
  loss generator_loss = mean(softplus(-fake_odds)) + mean(cross_entropy(fake_digit, label))
  metric real_found = mean(real_odds > 0.0)
  metric fake_found = mean(fake_odds < 0.0)
}

train Dcgan {
  data image, label = idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
      or generated_digits("train", 12000)
  step {
    minimize discriminator_loss over discriminator
    optimizer adam(rate = 2e-4, beta1 = 0.5)
  }
  step {
    minimize generator_loss over generator
    optimizer adam(rate = 5e-4, beta1 = 0.5)
  }
  batch 64
  epochs 5
}

/// The generator alone, with the weights of the whole.
model Draw(width: int = 32, noise: int = 64) {
  /// Standard normal numbers.
  input noise: f32[B, noise]
  /// The digits to draw.
  input label: i32[B]
  generator = Generator(width)
  output image = generator(noise, label)
}

test "starts out undecided" {
  m = Dcgan()
  expect m.generator_loss ≈ log(2.0) + log(10.0) within 0.3
}
