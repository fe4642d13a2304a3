/// −log of the probability that softmax(logits) gives each label; one number an example. A label
/// outside of the classes counts as 0, and so does the label `ignored`.
///
/// `smoothing` spreads that share of a label's weight evenly over all classes: Szegedy et al.,
/// arXiv:1512.00567, section 7. `weights`, a tensor [C], multiplies the loss of each class'
/// examples.
function cross_entropy(
  logits: F[..B, C],
  label: L[..B],
  smoothing: float = 0.0,
  ignored: int = -1,
  weights = 1.0
) -> F[..B] {
  target = one_hot(label, C, F) * weights
  if ignored >= 0 {
    target = target * cast(reshape(label, B + [1]) != ignored, F)
  }
  if smoothing > 0.0 {
    target = (1.0 - smoothing) * target + (smoothing / C) * sum(target, -1, keep = true)
  }
  return -sum(log_softmax(logits) * target, -1)
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

/// Half the squared difference up to `delta`, beyond it a straight line, element by element: Huber,
/// 1964
function huber(x: F[..S], target: F[..S], delta: float = 1.0) -> F[..S] {
  d = abs(x - target)
  near = minimum(d, delta)
  return near * (d - 0.5 * near)
}

/// max(1 − score · target, 0) for targets −1 and 1, element by element: Cortes, Vapnik, 1995
function hinge(score: F[..S], target: F[..S]) -> F[..S] = maximum(1.0 - score * target, 0.0)

/// Σ p · (log p − log q) over the last axis, from logarithms: Kullback, Leibler, 1951
function kl_divergence(log_p: F[..B, C], log_q: F[..B, C]) -> F[..B] {
  return sum(exp(log_p) * (log_p - log_q), -1)
}

/// The Kullback-Leibler divergence of normal distributions from the standard one, over the last
/// axis: Kingma, Welling, arXiv:1312.6114, appendix B
function normal_divergence(center: F[..B, C], log_variance: F[..B, C]) -> F[..B] {
  return 0.5 * sum(center * center + exp(log_variance) - 1.0 - log_variance, -1)
}

/// The cosine of the angle between vectors of the last axis; 0 where one is 0.
function cosine_similarity(a: F[..B, N], b: F[..B, N], epsilon: float = 1e-12) -> F[..B] {
  lengths = maximum(sum(a * a, -1) * sum(b * b, -1), epsilon)
  return sum(a * b, -1) * rsqrt(lengths)
}

/// max(|anchor − positive|² − |anchor − negative|² + margin, 0) over the last axis: Schroff,
/// Kalenichenko, Philbin, arXiv:1503.03832
function triplet(
  anchor: F[..B, N],
  positive: F[..B, N],
  negative: F[..B, N],
  margin: float = 0.2
) -> F[..B] {
  near = sum(square_error(anchor, positive), -1)
  far = sum(square_error(anchor, negative), -1)
  return maximum(near - far + margin, 0.0)
}

/// The mean of the elements for which `mask`, which broadcasts, is true; 0 where it is true for
/// none.
function masked_mean(x: F[..S], mask: tensor) -> F[] {
  counted = broadcast(cast(mask, F), S)
  return sum(x * counted) / maximum(sum(counted), 1.0)
}

/// −log of the probability that the steps of logits [B, T, C], with blanks and repetitions taken out,
/// spell the labels [B, S]; one number an example: Graves et al., ICML 2006, section 4.1, whose α is
/// computed in logarithms. `mask`: bool [B, T], true for the steps that count; `known`: bool [B, S],
/// true for the labels that do, which come first.
function ctc(logits: F[B, T, C], labels: L[B, S], mask = true, known = true, blank: int = 0) {
  never = -1e30
  places = 2 * S + 1
  pairs = concat([full([B, S, 1], blank, L), reshape(labels, [B, S, 1])])
  spelled = concat([reshape(pairs, [B, 2 * S]), full([B, 1], blank, L)])
  skipping = spelled != blank and spelled != concat([full([B, 2], -1, L), spelled[:, :-2]])
  scores = log_softmax(logits) @ transpose(one_hot(spelled, C, F))
  steps = if is_tensor(mask) then mask else full([B, T], true, bool)
  start = broadcast(select(iota(places) == 0, full([], 0.0, F), never), [B, places])
  alpha = scan score, counts in scores, steps over axis 1 carry alpha = start {
    one = concat([full([B, 1], never, F), alpha[:, :-1]])
    two = select(skipping, concat([full([B, 2], never, F), alpha[:, :-2]]), never)
    top = stop_gradient(maximum(alpha, maximum(one, two)))
    joint = top + log(exp(alpha - top) + exp(one - top) + exp(two - top))
    alpha = select(reshape(counts, [B, 1]), joint + score, alpha)
  }
  last = full([B, 1], 2 * S, i32)
  if is_tensor(known) {
    last = 2 * reshape(count_true(known), [B, 1])
  }
  ends = iota(places) == last or iota(places) == last - 1
  return -log_sum_exp(select(ends, alpha, never))
}

/// How many are true along the last axis.
function count_true(x: bool[..B, N]) -> i32[..B] = sum(cast(x, i32), -1)
