/// value − rate · gradient
optimizer sgd(rate: schedule = 0.01) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    return value - cast(rate(step, total), F) * gradient
  }
}

/// Gradient descent with a velocity: Polyak, 1964; with `nesterov`, looking ahead along it.
optimizer momentum(rate: schedule = 0.01, decay: float = 0.9, nesterov: bool = false) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state velocity: F[..S] = zeros
    v = decay * velocity + gradient
    next velocity = v
    direction = if nesterov then gradient + decay * v else v
    return value - cast(rate(step, total), F) * direction
  }
}

/// Adaptive moments: Kingma, Ba, arXiv:1412.6980
optimizer adam(
  rate: schedule = 0.001,
  beta1: float = 0.9,
  beta2: float = 0.999,
  epsilon: float = 1e-8
) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state first: F[..S] = zeros
    state second: F[..S] = zeros
    m = beta1 * first + (1.0 - beta1) * gradient
    v = beta2 * second + (1.0 - beta2) * (gradient * gradient)
    next first = m
    next second = v
    return value - adam_step(m, v, rate(step, total), step, beta1, beta2, epsilon)
  }
}

/// Adam with weight decay apart from the gradient: Loshchilov, Hutter, arXiv:1711.05101. Weights of
/// less than two axes (biases, scales) do not decay.
optimizer adamw(
  rate: schedule = 0.001,
  beta1: float = 0.9,
  beta2: float = 0.999,
  epsilon: float = 1e-8,
  decay: float = 0.01
) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state first: F[..S] = zeros
    state second: F[..S] = zeros
    m = beta1 * first + (1.0 - beta1) * gradient
    v = beta2 * second + (1.0 - beta2) * (gradient * gradient)
    next first = m
    next second = v
    r = rate(step, total)
    kept = if length(S) < 2 then value else value * (1.0 - cast(r, F) * decay)
    return kept - adam_step(m, v, r, step, beta1, beta2, epsilon)
  }
}

/// The gradient divided by the root of a running mean of its square: Tieleman, Hinton, 2012; with
/// `decay` of a velocity as in `momentum`.
optimizer rmsprop(
  rate: schedule = 0.001,
  beta: float = 0.9,
  epsilon: float = 1e-8,
  decay: float = 0.0
) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state second: F[..S] = zeros
    v = beta * second + (1.0 - beta) * (gradient * gradient)
    next second = v
    direction = gradient / (sqrt(v) + epsilon)
    if decay > 0.0 {
      state velocity: F[..S] = zeros
      direction = decay * velocity + direction
      next velocity = direction
    }
    return value - cast(rate(step, total), F) * direction
  }
}

/// The gradient divided by the root of the sum of all its squares so far: Duchi, Hazan, Singer,
/// JMLR 2011
optimizer adagrad(rate: schedule = 0.01, epsilon: float = 1e-10) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state squares: F[..S] = zeros
    v = squares + gradient * gradient
    next squares = v
    return value - cast(rate(step, total), F) * gradient / (sqrt(v) + epsilon)
  }
}

/// The sign of a mean of the gradient and a velocity, with weight decay: Chen et al.,
/// arXiv:2302.06675. Weights of less than two axes (biases, scales) do not decay.
optimizer lion(
  rate: schedule = 0.0001,
  beta1: float = 0.9,
  beta2: float = 0.99,
  decay: float = 0.01
) {
  apply(value: F[..S], gradient: F[..S], step: f32[], total: f32[]) -> F[..S] {
    state velocity: F[..S] = zeros
    r = cast(rate(step, total), F)
    kept = if length(S) < 2 then value else value * (1.0 - r * decay)
    next velocity = beta2 * velocity + (1.0 - beta2) * gradient
    return kept - r * sign(beta1 * velocity + (1.0 - beta1) * gradient)
  }
}

/// What adam subtracts, with the moments corrected for their start at zero.
function adam_step(
  m: F[..S],
  v: F[..S],
  rate: f32[],
  step: f32[],
  beta1: float,
  beta2: float,
  epsilon: float
) -> F[..S] {
  t = step + 1.0
  correction1 = 1.0 - exp(t * log(beta1))
  correction2 = 1.0 - exp(t * log(beta2))
  scale = cast(rate * sqrt(correction2) / correction1, F)
  return scale * m / (sqrt(v) + epsilon * cast(sqrt(correction2), F))
}
