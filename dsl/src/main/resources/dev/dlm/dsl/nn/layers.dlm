/// x @ w + b on the last axis.
layer Dense(units: int, bias: bool = true, init: initializer = glorot_uniform) {
  apply(x: F[..B, In]) -> F[..B, units] {
    weight w: F[In, units] = init
    y = x @ w
    if bias {
      weight b: F[units] = zeros
      y = y + b
    }
    return y
  }
}

/// Convolution over the axes behind batch and channels, with as many kernels as `channels`. `kernel`,
/// `stride` and `dilation` are one int for all axes or a list; `padding` is "same", "valid" or a number.
layer Conv(
  channels: int,
  kernel = 3,
  stride = 1,
  padding = "same",
  dilation = 1,
  groups: int = 1,
  bias: bool = true,
  init: initializer = he_normal
) {
  apply(x: F[N, C, ..Spatial]) {
    size = repeated(kernel, length(Spatial))
    weight w: F[channels, C / groups, ..size] = init
    y = convolution(x, w, stride, padding, dilation, groups)
    if bias {
      weight b: F[channels] = zeros
      y = y + reshape(b, [channels] + repeated(1, length(Spatial)))
    }
    return y
  }
}

/// The transpose of a convolution over the axes behind batch and channels: with `stride` it makes each
/// of them larger by that factor ("same"), or (n − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1
/// + output_padding elements long. `output_padding` is less than the stride, and for "same" not used.
layer ConvTranspose(
  channels: int,
  kernel = 4,
  stride = 1,
  padding = "same",
  output_padding = 0,
  dilation = 1,
  groups: int = 1,
  bias: bool = true,
  init: initializer = glorot_normal
) {
  apply(x: F[N, C, ..Spatial]) {
    size = repeated(kernel, length(Spatial))
    weight w: F[C, channels / groups, ..size] = init
    y = convolution_transpose(x, w, stride, padding, output_padding, dilation, groups)
    if bias {
      weight b: F[channels] = zeros
      y = y + reshape(b, [channels] + repeated(1, length(Spatial)))
    }
    return y
  }
}

/// In training, sets each element to 0 with probability `rate` and scales the others up so that the
/// expected value stays: Srivastava et al., JMLR 2014. Otherwise does nothing.
layer Dropout(rate: float = 0.5) {
  apply(x: F[..S]) -> F[..S] {
    if not training or rate == 0.0 {
      return x
    }
    kept = random_uniform(S) >= rate
    return x * cast(kept, F) * (1.0 / (1.0 - rate))
  }
}

/// Each channel (axis 1) brought to mean 0 and variance 1, then scaled and shifted: Ioffe, Szegedy,
/// arXiv:1502.03167. Training uses the batch's statistics and follows them in running ones, which
/// prediction uses.
layer BatchNorm(momentum: float = 0.9, epsilon: float = 1e-5) {
  apply(x: F[N, C, ..Rest]) -> F[N, C, ..Rest] {
    weight scale: F[C] = ones
    weight shift: F[C] = zeros
    state running_mean: F[C] = zeros
    state running_variance: F[C] = ones
    column = [C] + repeated(1, length(Rest))
    center = running_mean
    spread = running_variance
    if training {
      axes = [0] + [i + 2 for i in range(length(Rest))]
      center = mean(x, axes)
      spread = variance(x, axes)
      next running_mean = momentum * running_mean + (1.0 - momentum) * stop_gradient(center)
      next running_variance = momentum * running_variance + (1.0 - momentum) * stop_gradient(spread)
    }
    factor = scale * rsqrt(spread + epsilon)
    return x * reshape(factor, column) + reshape(shift - center * factor, column)
  }
}

/// The last axis brought to mean 0 and variance 1, then scaled and shifted: Ba, Kiros, Hinton,
/// arXiv:1607.06450
layer LayerNorm(epsilon: float = 1e-5) {
  apply(x: F[..B, N]) -> F[..B, N] {
    weight scale: F[N] = ones
    weight shift: F[N] = zeros
    d = x - mean(x, -1, keep = true)
    return d * rsqrt(mean(d * d, -1, keep = true) + epsilon) * scale + shift
  }
}
