/// The mean of elements: of all of them, or along an axis or a list of axes. Booleans count as 0 and 1.
function mean(x: tensor, axis = "all", keep: bool = false) {
  y = as_float(x)
  return sum(y, axis, keep) / count(y, axis)
}

/// The mean squared distance from the mean.
function variance(x: tensor, axis = "all", keep: bool = false) {
  d = x - mean(x, axis, true)
  return mean(d * d, axis, keep)
}

/// A floating-point tensor as it is, another one as f32.
function as_float(x: tensor) = if is_float(x.dtype) then x else cast(x, f32)

/// Whether a dtype is a floating-point one.
function is_float(dtype: dtype) = dtype == f64 or dtype == f32 or dtype == bf16 or dtype == f16

/// max(x, 0)
function relu(x: tensor) = maximum(x, 0.0)

/// x where positive, else slope · x
function leaky_relu(x: tensor, slope: float = 0.01) = select(x > 0.0, x, x * slope)

/// x · Φ(x), with Φ the normal distribution: Hendrycks, Gimpel, arXiv:1606.08415
function gelu(x: tensor) = 0.5 * x * (1.0 + erf(x * sqrt(0.5)))

/// x · sigmoid(x): Ramachandran, Zoph, Le, arXiv:1710.05941
function silu(x: tensor) = x * sigmoid(x)

/// log(1 + exp(x)), without overflow
function softplus(x: tensor) = maximum(x, 0.0) + log1p(exp(-abs(x)))

/// exp(x) / Σ exp(x) along an axis
function softmax(x: tensor, axis: int = -1) {
  e = exp(x - stop_gradient(max(x, axis, keep = true)))
  return e / sum(e, axis, keep = true)
}

/// log(softmax(x)), without rounding the softmax in between
function log_softmax(x: tensor, axis: int = -1) {
  shifted = x - stop_gradient(max(x, axis, keep = true))
  return shifted - log(sum(exp(shifted), axis, keep = true))
}

/// log(Σ exp(x)) along an axis, without overflow
function log_sum_exp(x: tensor, axis: int = -1) {
  top = stop_gradient(max(x, axis, keep = true))
  return sum(top, axis) + log(sum(exp(x - top), axis))
}

/// All axes but the first as one.
function flatten(x: F[B, ..Rest]) = reshape(x, [B, product(Rest)])

/// 1 at the class that each label names, 0 elsewhere
function one_hot(label: L[..B], classes: int, dtype: dtype = f32) {
  return cast(reshape(label, B + [1]) == iota(classes, label.dtype), dtype)
}

/// The largest element of each window of the axes behind batch and channels.
function max_pool(x: tensor, size, stride = size, padding = "valid") {
  return window_max(x, size, stride, padding)
}

/// The mean of each window of the axes behind batch and channels; elements in the padding count as 0.
function mean_pool(x: F[N, C, ..Spatial], size, stride = size, padding = "valid") {
  sizes = repeated(size, length(Spatial))
  return window_sum(x, size, stride, padding) / product(sizes)
}

/// Random numbers, uniform in [low, high): 24 bits each.
function random_uniform(shape: list, low: float = 0.0, high: float = 1.0, dtype: dtype = f32) {
  bits = shift_right(random_bits(shape), 8)
  return low + (high - low) * (cast(bits, dtype) * 2.0 ** -24.0)
}

/// Normally distributed random numbers: Box, Muller, 1958.
function random_normal(shape: list, mean: float = 0.0, deviation: float = 1.0, dtype: dtype = f32) {
  u = 1.0 - random_uniform(shape, dtype = dtype)
  v = random_uniform(shape, dtype = dtype)
  return mean + deviation * sqrt(-2.0 * log(u)) * cos(v * 6.283185307179586)
}

/// Rescales all gradients by one factor so that their joint length is at most `limit`.
clip global_norm(limit: float) {
  apply(gradients: list) {
    squares = 0.0
    repeat g in gradients {
      squares = squares + cast(sum(g * g), f32)
    }
    factor = minimum(limit * rsqrt(squares + 1e-12), 1.0)
    return [g * cast(factor, g.dtype) for g in gradients]
  }
}

/// Cuts every element of every gradient to [-limit, limit].
clip each_value(limit: float) {
  apply(gradients: list) {
    return [minimum(maximum(g, -limit), limit) for g in gradients]
  }
}
