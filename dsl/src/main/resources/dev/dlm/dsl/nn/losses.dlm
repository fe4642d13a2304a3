/// −log of the probability that softmax(logits) gives each label; one number an example. A label
/// outside of the classes counts as 0.
function cross_entropy(logits: F[..B, C], label: L[..B]) -> F[..B] {
  return -sum(log_softmax(logits) * one_hot(label, C, F), -1)
}

/// Cross entropy of sigmoid(logit) and targets in [0, 1], element by element.
function binary_cross_entropy(logit: F[..S], target: F[..S]) -> F[..S] {
  return softplus(logit) - logit * target
}

/// The squared difference, element by element.
function square_error(x: F[..S], target: F[..S]) -> F[..S] {
  d = x - target
  return d * d
}

/// The mean of the squared differences.
function mean_square_error(x: F[..S], target: F[..S]) -> F[] = mean(square_error(x, target))

/// The mean of the absolute differences.
function mean_absolute_error(x: F[..S], target: F[..S]) -> F[] = mean(abs(x - target))
