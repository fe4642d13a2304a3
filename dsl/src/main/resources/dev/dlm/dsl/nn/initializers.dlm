/// Zeros everywhere.
initializer zeros {
  apply(shape: list, dtype: dtype) = full(shape, 0.0, dtype)
}

/// Ones everywhere.
initializer ones {
  apply(shape: list, dtype: dtype) = full(shape, 1.0, dtype)
}

/// The same number everywhere.
initializer constant(value: float) {
  apply(shape: list, dtype: dtype) = full(shape, value, dtype)
}

/// Uniform in [low, high).
initializer uniform(low: float = -0.05, high: float = 0.05) {
  apply(shape: list, dtype: dtype) = random_uniform(shape, low, high, dtype)
}

/// Normally distributed.
initializer normal(deviation: float = 0.02, mean: float = 0.0) {
  apply(shape: list, dtype: dtype) = random_normal(shape, mean, deviation, dtype)
}

/// Normally distributed within two deviations of the mean.
initializer truncated_normal(deviation: float = 0.02, mean: float = 0.0) {
  apply(shape: list, dtype: dtype) = random_truncated_normal(shape, mean, deviation, dtype = dtype)
}

/// How many elements of the input meet in one of the output. A matrix is [in, out], a convolution's
/// kernel [out, in, …].
function fan_in(shape: list) {
  if length(shape) < 2 {
    return product(shape)
  }
  return if length(shape) == 2 then shape[0] else product(shape[1:])
}

/// How many elements of the output one of the input takes part in.
function fan_out(shape: list) {
  if length(shape) < 2 {
    return product(shape)
  }
  return if length(shape) == 2 then shape[1] else shape[0] * product(shape[2:])
}

/// Uniform in ±√(6 / (fan in + fan out)): Glorot, Bengio, AISTATS 2010
initializer glorot_uniform(gain: float = 1.0) {
  apply(shape: list, dtype: dtype) {
    limit = gain * sqrt(6.0 / (fan_in(shape) + fan_out(shape)))
    return random_uniform(shape, -limit, limit, dtype)
  }
}

/// Normal with variance 2 / (fan in + fan out): Glorot, Bengio, AISTATS 2010
initializer glorot_normal(gain: float = 1.0) {
  apply(shape: list, dtype: dtype) {
    deviation = gain * sqrt(2.0 / (fan_in(shape) + fan_out(shape)))
    return random_normal(shape, 0.0, deviation, dtype)
  }
}

/// Uniform in ±√(6 / fan in): He, Zhang, Ren, Sun, arXiv:1502.01852
initializer he_uniform(gain: float = 1.0) {
  apply(shape: list, dtype: dtype) {
    limit = gain * sqrt(6.0 / fan_in(shape))
    return random_uniform(shape, -limit, limit, dtype)
  }
}

/// Normal with variance 2 / fan in: He, Zhang, Ren, Sun, arXiv:1502.01852
initializer he_normal(gain: float = 1.0) {
  apply(shape: list, dtype: dtype) {
    return random_normal(shape, 0.0, gain * sqrt(2.0 / fan_in(shape)), dtype)
  }
}

/// Orthonormal rows, or columns where there are more rows than columns; of a kernel, axis 0 are the
/// rows: Saxe, McClelland, Ganguli, arXiv:1312.6120. Normal random numbers, made orthogonal row by
/// row as by Gram and Schmidt, twice, since once leaves rounding errors.
initializer orthogonal(gain: float = 1.0) {
  apply(shape: list, dtype: dtype) {
    rows = shape[0]
    columns = product(shape[1:])
    wide = columns >= rows
    count = if wide then rows else columns
    size = if wide then columns else rows
    done = scan row, i in random_normal([count, size]), 0..count
        carry q = full([count, size], 0.0) {
      repeat pass in 0..2 {
        row = row - sum(sum(q * row, 1, keep = true) * q, 0)
      }
      row = row * rsqrt(sum(row * row))
      q = q + reshape(cast(iota(count) == i, f32), [count, 1]) * row
    }
    matrix = if wide then done else transpose(done)
    return cast(reshape(gain * matrix, shape), dtype)
  }
}
