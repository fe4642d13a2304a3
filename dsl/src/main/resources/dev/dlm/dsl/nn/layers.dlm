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

/// Convolution over the axes behind batch and channels, with as many kernels as `channels`.
/// `kernel`, `stride` and `dilation` are one int for all axes or a list; `padding` is "same",
/// "valid" or a number.
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

/// Dropout of whole channels (axis 1): Tompson et al., arXiv:1411.4280
layer ChannelDropout(rate: float = 0.5) {
  apply(x: F[N, C, ..Rest]) -> F[N, C, ..Rest] {
    if not training or rate == 0.0 {
      return x
    }
    kept = random_uniform([N, C] + repeated(1, length(Rest))) >= rate
    return x * (cast(kept, F) * (1.0 / (1.0 - rate)))
  }
}

/// Stages one after the other: layers that were made, and functions of one tensor.
layer Sequential(stages: list) {
  apply(x: tensor) {
    y = x
    repeat stage in stages {
      y = y |> stage
    }
    return y
  }
}

/// x + stages(x): He, Zhang, Ren, Sun, arXiv:1512.03385. Stages are layers that were made, and
/// functions of one tensor; those of `shortcut` bring x to the shape of what it is added to.
layer Residual(stages: list, shortcut: list = []) {
  inner = Sequential(stages)
  outer = Sequential(shortcut)
  apply(x: tensor) = outer(x) + inner(x)
}
