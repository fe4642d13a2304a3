import nn

/// Numbers that tell times in [0, 1] apart: sines and cosines of frequencies from 1 to 1000.
function time_features(time: f32[B], count: int) {
  frequency = exp(cast(iota(count / 2), f32) * (log(1000.0) / (count / 2 - 1)))
  angle = reshape(time, [B, 1]) * frequency
  return concat([sin(angle), cos(angle)], 1)
}

/// Two convolutions around a shortcut; the condition scales and shifts the channels between them: Perez et al.,
/// arXiv:1709.07871
layer Block(channels: int) {
  apply(x: F[N, C, H, W], condition: F[N, K]) -> F[N, channels, H, W] {
    y = x |> nn.GroupNorm(8) |> silu |> nn.Conv(channels) |> nn.GroupNorm(8)
    scale = condition |> nn.Dense(channels, init = normal(0.01))
    shift = condition |> nn.Dense(channels)
    y = y * (1.0 + reshape(scale, [N, channels, 1, 1])) + reshape(shift, [N, channels, 1, 1])
    y = silu(y) |> nn.Conv(channels, init = normal(0.01))
    return y + (if C == channels then x else x |> nn.Conv(channels, kernel = 1, bias = false))
  }
}

/// Attention among the places of an image, around a shortcut: Vaswani et al., arXiv:1706.03762
layer Mixing(heads: int) {
  apply(x: F[N, C, H, W]) -> F[N, C, H, W] {
    places = transpose(reshape(x |> nn.GroupNorm(8), [N, C, H * W]), [0, 2, 1])
    mixed = places |> nn.Attention(heads)
    return x + reshape(transpose(mixed, [0, 2, 1]), [N, C, H, W])
  }
}

/// The velocity of an image on its way from noise: a small U-Net (Ronneberger, Fischer, Brox, arXiv:1505.04597)
/// on squares of two by two pixels. The condition is the time and the digit, 10 for none.
layer Denoiser(width: int) {
  apply(image: f32[B, 1, 28, 28], time: f32[B], digit: i32[B]) -> f32[B, 1, 28, 28] {
    condition = concat([time_features(time, 32), one_hot(digit, 11)], 1)
      |> nn.Dense(4 * width) |> silu |> nn.Dense(2 * width) |> silu
    squares = transpose(reshape(image, [B, 14, 2, 14, 2]), [0, 2, 4, 1, 3])
    fine = Block(width)(reshape(squares, [B, 4, 14, 14]) |> nn.Conv(width), condition)
    coarse = fine |> nn.Conv(2 * width, stride = 2)
    coarse = Block(2 * width)(coarse, condition) |> Mixing(4)
    coarse = Block(2 * width)(coarse, condition)
    back = coarse |> nn.ConvTranspose(width, kernel = 2, stride = 2)
    joined = Block(width)(concat([fine, back], 1), condition)
    velocity = joined |> nn.GroupNorm(8) |> silu |> nn.Conv(4, init = normal(0.01))
    return reshape(transpose(reshape(velocity, [B, 2, 2, 14, 14]), [0, 3, 1, 4, 2]), [B, 1, 28, 28])
  }
}

/// How much of the image is left at a time in [0, 1], as the angle whose cosine it is: Nichol, Dhariwal,
/// arXiv:2102.09672
function angle(time: f32[..S]) = (0.01 + 0.98 * time) * (3.141592653589793 / 2.0)

/// Numbers that look random, for evaluation, which draws none.
function scattered(shape: list, frequency: float) {
  wave = sin(cast(iota(product(shape)), f32) * frequency) * 1000.0
  return reshape(wave - floor(wave), shape)
}

/// Digits out of noise: Ho, Jain, Abbeel, arXiv:2006.11239, guided by classes without a classifier: Ho,
/// Salimans, arXiv:2207.12598. What is learnt is the velocity, which tells the image where noise is all there
/// is, and the noise where there is none: Salimans, Ho, arXiv:2202.00512
model Diffusion(width: int = 48) {
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
  clean = 2.0 * image - 1.0
  denoiser = Denoiser(width)
  found = denoiser(cos(a) * clean + sin(a) * noise, time, digit)
  loss = mean_square_error(found, cos(a) * noise - sin(a) * clean)
}

train Diffusion {
  data image, label = idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
      or generated_digits("train", 12000)
  minimize loss
  optimizer adam(rate = cosine(peak = 2e-3, warmup = 50))
  clip global_norm(1.0)
  batch 128
  epochs 10
}

/// Images of digits out of noise, with the weights of the whole: Song, Meng, Ermon, arXiv:2010.02502. What the
/// label adds to a step counts `guidance` times.
model Draw(width: int = 48, steps: int = 40, guidance: float = 2.0) {
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
    clean = maximum(minimum(cos(now) * image - sin(now) * found, 1.0), -1.0)
    image = cos(later) * clean + sin(later) * (image - cos(now) * clean) / sin(now)
  }
  /// Gray values in [0, 1].
  output image = 0.5 * clean + 0.5
}

test "the velocity is found where nothing was learnt as well as by guessing zero" {
  m = Diffusion()
  expect m.loss ≈ 1.0 within 0.3
}
