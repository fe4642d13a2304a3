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
