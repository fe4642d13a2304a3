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
    return standardized(x, epsilon) * scale + shift
  }
}

/// The last axis divided by the root of its mean square, then scaled: Zhang, Sennrich,
/// arXiv:1910.07467
layer RmsNorm(epsilon: float = 1e-6) {
  apply(x: F[..B, N]) -> F[..B, N] {
    weight scale: F[N] = ones
    return x * rsqrt(mean(x * x, -1, keep = true) + epsilon) * scale
  }
}

/// The channels (axis 1) in groups, each brought to mean 0 and variance 1 for each example, then
/// each channel scaled and shifted: Wu, He, arXiv:1803.08494
layer GroupNorm(groups: int = 32, epsilon: float = 1e-5) {
  apply(x: F[N, C, ..Rest]) -> F[N, C, ..Rest] {
    where C % groups == 0
    weight scale: F[C] = ones
    weight shift: F[C] = zeros
    column = [C] + repeated(1, length(Rest))
    rows = reshape(x, [N, groups, C / groups * product(Rest)])
    y = reshape(standardized(rows, epsilon), [N, C] + Rest)
    return y * reshape(scale, column) + reshape(shift, column)
  }
}

/// Each channel (axis 1) of each example brought to mean 0 and variance 1, then scaled and shifted:
/// Ulyanov, Vedaldi, Lempitsky, arXiv:1607.08022
layer InstanceNorm(epsilon: float = 1e-5) {
  apply(x: F[N, C, ..Rest]) -> F[N, C, ..Rest] {
    weight scale: F[C] = ones
    weight shift: F[C] = zeros
    column = [C] + repeated(1, length(Rest))
    y = reshape(standardized(reshape(x, [N, C, product(Rest)]), epsilon), [N, C] + Rest)
    return y * reshape(scale, column) + reshape(shift, column)
  }
}

/// The last axis brought to mean 0 and variance 1.
function standardized(x: F[..B, N], epsilon: float = 1e-5) -> F[..B, N] {
  d = x - mean(x, -1, keep = true)
  return d * rsqrt(mean(d * d, -1, keep = true) + epsilon)
}
