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

/// The inverse of erf, of f32 numbers within ±1, with a relative error below 1e-6: polynomials of
/// -log(1 - x²), the form of Giles, "Approximating the erfinv function", 2010.
function erf_inverse(x: tensor) {
  w = -log((1.0 - x) * (1.0 + x))
  center = minimum(w, 5.0) - 2.5
  tail = sqrt(maximum(w, 5.0)) - 3.0
  near = 2.2605978e-8
  repeat c in [
    3.422247e-7,
    -3.4547795e-6,
    -4.3803466e-6,
    2.1831298e-4,
    -1.2537589e-3,
    -4.1773464e-3,
    0.24664077,
    1.5014093
  ] {
    near = near * center + c
  }
  far = -9.0466165e-5
  repeat c in [
    -4.4688485e-7,
    1.2165935e-3,
    -3.5645259e-3,
    5.7930597e-3,
    -7.65554e-3,
    9.431274e-3,
    1.0016766,
    2.832977
  ] {
    far = far * tail + c
  }
  return x * select(w < 5.0, near, far)
}

/// Normally distributed random numbers, those alone that lie from `low` to `high` deviations from
/// the mean: the inverse of the distribution function, of uniform numbers.
function random_truncated_normal(
  shape: list,
  mean: float = 0.0,
  deviation: float = 1.0,
  low: float = -2.0,
  high: float = 2.0,
  dtype: dtype = f32
) {
  first = erf(cast(low * sqrt(0.5), dtype))
  last = erf(cast(high * sqrt(0.5), dtype))
  u = first + (last - first) * random_uniform(shape, dtype = dtype)
  return mean + deviation * clamp(sqrt(2.0) * erf_inverse(u), low, high)
}

/// Random booleans, true with a probability that is a number or a tensor of the shape.
function random_bernoulli(shape: list, probability = 0.5) = random_uniform(shape) < probability

/// The numbers 0, 1, … up to `count` - 1 in random order: the order of as many random numbers.
function random_permutation(count: int) = argsort(random_bits([count]))

/// For each row of logits the index of a class, drawn with the probabilities softmax(logits): the
/// class with the largest sum of its logit and a random number of Gumbel's distribution (Gumbel, 1954).
function random_categorical(logits: F[..B, C]) {
  u = random_uniform(logits.shape) + 2.0 ** -25.0
  return argmax(cast(logits, f32) - log(-log(u)))
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
