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
