/// max(x, 0)
function relu(x: tensor) = maximum(x, 0.0)

/// x where positive, else slope · x
function leaky_relu(x: tensor, slope: float = 0.01) = select(x > 0.0, x, x * slope)

/// x · Φ(x), with Φ the normal distribution: Hendrycks, Gimpel, arXiv:1606.08415. `approximate`
/// takes their tanh(√(2/π) · (x + 0.044715 · x³)) for it.
function gelu(x: tensor, approximate: bool = false) {
  if approximate {
    return 0.5 * x * (1.0 + tanh(0.7978845608028654 * (x + 0.044715 * (x * x * x))))
  }
  return 0.5 * x * (1.0 + erf(x * sqrt(0.5)))
}

/// x · sigmoid(x): Ramachandran, Zoph, Le, arXiv:1710.05941
function silu(x: tensor) = x * sigmoid(x)

/// log(1 + exp(x)), without overflow
function softplus(x: tensor) = maximum(x, 0.0) + log1p(exp(-abs(x)))

/// x cut to [0, 6]: Howard et al., arXiv:1704.04861
function relu6(x: tensor) = minimum(maximum(x, 0.0), 6.0)

/// x where positive, else alpha · (exp(x) − 1): Clevert, Unterthiner, Hochreiter, arXiv:1511.07289
function elu(x: tensor, alpha: float = 1.0) {
  return maximum(x, 0.0) + alpha * expm1(minimum(x, 0.0))
}

/// elu scaled so that layers keep mean 0 and variance 1: Klambauer et al., arXiv:1706.02515
function selu(x: tensor) = 1.0507009873554805 * elu(x, 1.6732632423543772)

/// max(x, 0) + min(alpha · (exp(x / alpha) − 1), 0): Barron, arXiv:1704.07483
function celu(x: tensor, alpha: float = 1.0) {
  return maximum(x, 0.0) + alpha * expm1(minimum(x, 0.0) / alpha)
}

/// x · tanh(softplus(x)): Misra, arXiv:1908.08681
function mish(x: tensor) = x * tanh(softplus(x))

/// x / (1 + |x|)
function softsign(x: tensor) = x / (1.0 + abs(x))

/// x / 6 + 1/2, cut to [0, 1]: Howard et al., arXiv:1905.02244
function hard_sigmoid(x: tensor) = minimum(maximum(x * (1.0 / 6.0) + 0.5, 0.0), 1.0)

/// x · hard_sigmoid(x): Howard et al., arXiv:1905.02244
function hard_swish(x: tensor) = x * hard_sigmoid(x)

/// x cut to [−1, 1]
function hard_tanh(x: tensor) = minimum(maximum(x, -1.0), 1.0)

/// log(sigmoid(x)), without overflow
function log_sigmoid(x: tensor) = -softplus(-x)

/// a · activation(b), with a and b the halves of the last axis: Dauphin et al., arXiv:1612.08083;
/// other activations than sigmoid: Shazeer, arXiv:2002.05202
function glu(x: tensor, activation: function = sigmoid) {
  a, b = split(x, 2)
  return a * activation(b)
}

/// silu(a) · b, with a and b the halves of the last axis: Shazeer, arXiv:2002.05202
function swiglu(x: tensor) {
  a, b = split(x, 2)
  return silu(a) * b
}

/// x where positive, else a learned slope for each channel (axis 1) times x: He, Zhang, Ren, Sun,
/// arXiv:1502.01852
layer PRelu(start: float = 0.25) {
  apply(x: F[N, C, ..Rest]) -> F[N, C, ..Rest] {
    weight slope: F[C] = start
    return maximum(x, 0.0) + reshape(slope, [C] + repeated(1, length(Rest))) * minimum(x, 0.0)
  }
}

/// exp(x) / Σ exp(x) along an axis
function softmax(x: tensor, axis: int = -1) {
  e = exp(x - stop_gradient(max(x, axis, keep = true)))
  return e * (1.0 / sum(e, axis, keep = true))
}

/// softmax over the elements that `mask`, which broadcasts, is true for; 0 for the others, and all
/// 0 where it is true for none.
function masked_softmax(x: tensor, mask: tensor, axis: int = -1) {
  lowest = if x.dtype == f16 then -6.0e4 else -1.0e30
  y = select(mask, x, lowest)
  e = select(mask, exp(y - stop_gradient(max(y, axis, keep = true))), 0.0)
  // The sum is at least 1 where the mask is true for any.
  return e * (1.0 / maximum(sum(e, axis, keep = true), 0.5))
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
