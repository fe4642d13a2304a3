import nn

/// Numbers that tell times in [0, 1] apart: sines and cosines of frequencies from 1 to 1000.
function time_features(time: f32[B], count: int) {
  frequency = exp(cast(iota(count / 2), f32) * (log(1000.0) / (count / 2 - 1)))
  angle = reshape(time, [B, 1]) * frequency
  return concat([sin(angle), cos(angle)], 1)
}

/// Two convolutions around a shortcut; the condition shifts the channels between them.
layer Block(channels: int) {
  apply(x: F[N, C, H, W], condition: F[N, K]) -> F[N, channels, H, W] {
    y = x |> nn.BatchNorm() |> silu |> nn.Conv(channels)
    shift = condition |> nn.Dense(channels)
    y = (y + reshape(shift, [N, channels, 1, 1])) |> nn.BatchNorm() |> silu
      |> nn.Conv(channels, init = normal(0.01))
    return y + (if C == channels then x else x |> nn.Conv(channels, kernel = 1, bias = false))
  }
}

/// The noise in an image: a small U-Net (Ronneberger, Fischer, Brox, arXiv:1505.04597) on squares of two by
/// two pixels. The condition is the time and the digit, 10 for none.
layer Denoiser(width: int) {
  apply(image: f32[B, 1, 28, 28], time: f32[B], digit: i32[B]) -> f32[B, 1, 28, 28] {
    condition = concat([time_features(time, 32), one_hot(digit, 11)], 1)
      |> nn.Dense(4 * width) |> silu |> nn.Dense(2 * width) |> silu
    squares = transpose(reshape(image, [B, 14, 2, 14, 2]), [0, 2, 4, 1, 3])
    fine = Block(width)(reshape(squares, [B, 4, 14, 14]) |> nn.Conv(width), condition)
    coarse = fine |> nn.Conv(2 * width, stride = 2)
    coarse = Block(2 * width)(coarse, condition)
    coarse = Block(2 * width)(coarse, condition)
    back = coarse |> nn.ConvTranspose(width, kernel = 2, stride = 2)
    joined = Block(width)(concat([fine, back], 1), condition)
    noise = joined |> nn.BatchNorm() |> silu |> nn.Conv(4, init = normal(0.01))
    return reshape(transpose(reshape(noise, [B, 2, 2, 14, 14]), [0, 3, 1, 4, 2]), [B, 1, 28, 28])
  }
}

/// How much of the image is left at a time in [0, 1], as the angle whose cosine it is: Nichol, Dhariwal,
/// arXiv:2102.09672
function angle(time: f32[..S]) = (0.02 + 0.96 * time) * (3.141592653589793 / 2.0)

/// Numbers that look random, for evaluation, which draws none.
function scattered(shape: list, frequency: float) {
  wave = sin(cast(iota(product(shape)), f32) * frequency) * 1000.0
  return reshape(wave - floor(wave), shape)
}

/// Digits out of noise: Ho, Jain, Abbeel, arXiv:2006.11239, guided by classes without a classifier: Ho,
/// Salimans, arXiv:2207.12598
model Diffusion(width: int = 32) {
  /// Gray values in [0, 1].
  input image: f32[B, 1, 28, 28]
  /// The digit.
  input label: i32[B]

  time = scattered([B], 12.9898)
  noise = (scattered([B, 1, 28, 28], 0.78233) - 0.5) * sqrt(12.0)
  digit = label
  if training {
    time = random_uniform([B])
    noise = random_normal([B, 1, 28, 28])
    digit = select(random_uniform([B]) < 0.1, 10, label)
  }
  a = reshape(angle(time), [B, 1, 1, 1])
  denoiser = Denoiser(width)
  found = denoiser(cos(a) * (2.0 * image - 1.0) + sin(a) * noise, time, digit)
  loss = mean_square_error(found, noise)
}

train Diffusion {
  data image, label = idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
      or generated_digits("train", 12000)
  minimize loss
  optimizer adam(rate = cosine(peak = 2e-3, warmup = 50))
  clip global_norm(1.0)
  batch 128
  epochs 5
}

/// Images of digits out of noise, with the weights of the whole: Song, Meng, Ermon, arXiv:2010.02502. What the
/// label adds to a step counts `guidance` times.
model Draw(width: int = 32, steps: int = 40, guidance: float = 2.0) {
  /// Standard normal numbers.
  input noise: f32[B, 1, 28, 28]
  /// The digits to draw.
  input label: i32[B]

  denoiser = Denoiser(width)
  nothing = full([B], 10, i32)
  image, clean = scan step in 0..steps carry image = noise, clean = noise {
    time = 1.0 - cast(step, f32) / steps
    times = broadcast(time, [B])
    unguided = denoiser(image, times, nothing)
    found = unguided + guidance * (denoiser(image, times, label) - unguided)
    now = angle(time)
    later = angle(time - 1.0 / steps)
    clean = maximum(minimum((image - sin(now) * found) / cos(now), 1.0), -1.0)
    image = cos(later) * clean + sin(later) * (image - cos(now) * clean) / sin(now)
  }
  /// Gray values in [0, 1].
  output image = 0.5 * clean + 0.5
}

test "the noise in an image is found where nothing was learnt as well as by guessing zero" {
  m = Diffusion()
  expect m.loss ≈ 1.0 within 0.3
}
