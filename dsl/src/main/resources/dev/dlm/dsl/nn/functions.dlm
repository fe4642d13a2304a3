/// The mean of elements: of all of them, or along an axis or a list of axes. Booleans count as 0
/// and 1.
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

/// All axes but the first as one.
function flatten(x: F[B, ..Rest]) = reshape(x, [B, product(Rest)])

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
