/// h ← act(x · w + b + h · u) at each step, the steps along axis 1: Elman, 1990. What the input gives
/// to all steps is one product ahead of them. `backward` goes from the last step to the first.
///
/// `h` is the state before the first step. `mask`: bool [B, T], false where a sequence has no step:
/// the state stays as it is there. With `states`, the last state is a second result. With
/// `streaming`, prediction begins where the stream's call before ended, so that a sequence may come
/// in pieces; such a call holds one sequence.
layer Rnn(
  hidden: int,
  backward: bool = false,
  states: bool = false,
  streaming: bool = false,
  act: function = tanh,
  init: initializer = glorot_uniform,
  recurrent_init: initializer = orthogonal
) {
  apply(xs: F[B, T, In], h: F[B, hidden] = full([B, hidden], 0.0, F), mask = true) {
    weight w: F[In, hidden] = init
    weight u: F[hidden, hidden] = recurrent_init
    weight b: F[hidden] = zeros
    if streaming {
      stream before: F[1, hidden]
      h = broadcast(before, [B, hidden])
    }
    zs = xs @ w + b
    if is_tensor(mask) {
      h, hs = scan z, m in zs, mask reversed when backward over axis 1 carry h = h {
        h = kept_where(m, act(z + h @ u), h)
        yield h
      }
    } else {
      h, hs = scan z in zs reversed when backward over axis 1 carry h = h {
        h = act(z + h @ u)
        yield h
      }
    }
    if streaming {
      next before = h[:1]
    }
    if states {
      return hs, h
    }
    return hs
  }
}

/// `now` in the sequences that have this step, `before` in the others.
function kept_where(mask: bool[B], now: F[B, N], before: F[B, N]) -> F[B, N] {
  return select(reshape(mask, [B, 1]), now, before)
}

/// Long short-term memory: Hochreiter, Schmidhuber, 1997, with the forget gates of Gers,
/// Schmidhuber, Cummins, 2000, which start out open. Arguments as for `Rnn`; the state is `h` and
/// the cells `c`, both of which are further results with `states`.
layer Lstm(
  hidden: int,
  backward: bool = false,
  states: bool = false,
  streaming: bool = false,
  init: initializer = glorot_uniform,
  recurrent_init: initializer = orthogonal
) {
  apply(
    xs: F[B, T, In],
    h: F[B, hidden] = full([B, hidden], 0.0, F),
    c: F[B, hidden] = full([B, hidden], 0.0, F),
    mask = true
  ) {
    weight w: F[In, 4 * hidden] = init
    weight u: F[hidden, 4 * hidden] = recurrent_init
    weight b: F[4 * hidden] = zeros
    if streaming {
      stream before: F[1, hidden]
      stream cells: F[1, hidden]
      h = broadcast(before, [B, hidden])
      c = broadcast(cells, [B, hidden])
    }
    zs = xs @ w + b
    if is_tensor(mask) {
      h, c, hs = scan z, m in zs, mask reversed when backward over axis 1 carry h = h, c = c {
        next_h, next_c = lstm_cell(z + h @ u, c)
        h = kept_where(m, next_h, h)
        c = kept_where(m, next_c, c)
        yield h
      }
    } else {
      h, c, hs = scan z in zs reversed when backward over axis 1 carry h = h, c = c {
        h, c = lstm_cell(z + h @ u, c)
        yield h
      }
    }
    if streaming {
      next before = h[:1]
      next cells = c[:1]
    }
    if states {
      return hs, h, c
    }
    return hs
  }
}

/// State and cells of a long short-term memory from the sums `z` of its input, forget, cell and
/// output gates.
function lstm_cell(z: F[B, M], c: F[B, N]) -> (F[B, N], F[B, N]) {
  i, f, g, o = split(z, 4)
  cells = sigmoid(f + 1.0) * c + sigmoid(i) * tanh(g)
  return sigmoid(o) * tanh(cells), cells
}

/// Gated recurrent unit: Cho et al., arXiv:1406.1078, with the reset gate behind the product as in
/// arXiv:1412.3555, so that a step is one product. Arguments and results as for `Rnn`.
layer Gru(
  hidden: int,
  backward: bool = false,
  states: bool = false,
  streaming: bool = false,
  init: initializer = glorot_uniform,
  recurrent_init: initializer = orthogonal
) {
  apply(xs: F[B, T, In], h: F[B, hidden] = full([B, hidden], 0.0, F), mask = true) {
    weight w: F[In, 3 * hidden] = init
    weight u: F[hidden, 3 * hidden] = recurrent_init
    weight b: F[3 * hidden] = zeros
    weight d: F[hidden] = zeros
    if streaming {
      stream before: F[1, hidden]
      h = broadcast(before, [B, hidden])
    }
    zs = xs @ w + b
    if is_tensor(mask) {
      h, hs = scan z, m in zs, mask reversed when backward over axis 1 carry h = h {
        h = kept_where(m, gru_cell(z, h @ u, d, h), h)
        yield h
      }
    } else {
      h, hs = scan z in zs reversed when backward over axis 1 carry h = h {
        h = gru_cell(z, h @ u, d, h)
        yield h
      }
    }
    if streaming {
      next before = h[:1]
    }
    if states {
      return hs, h
    }
    return hs
  }
}

/// State of a gated recurrent unit from what the input (`z`) and the state before (`s`) give to its
/// reset gate, its update gate and its candidate, to which the state also gives `d`.
function gru_cell(z: F[B, M], s: F[B, M], d: F[N], h: F[B, N]) -> F[B, N] {
  reset_z, update_z, new_z = split(z, 3)
  reset_s, update_s, new_s = split(s, 3)
  update = sigmoid(update_z + update_s)
  candidate = tanh(new_z + sigmoid(reset_z + reset_s) * (new_s + d))
  return candidate + update * (h - candidate)
}

/// Two recurrent layers of one kind, for example `nn.Bidirectional(nn.Lstm, 64)`: one goes forward,
/// one backward; the last axis holds the states of both: Schuster, Paliwal, 1997. Where `mask` is
/// false at the end of a sequence, the backward one begins behind it.
layer Bidirectional(kind: layer, hidden: int) {
  forward = kind(hidden)
  back = kind(hidden, backward = true)
  apply(xs: F[B, T, In], mask = true) -> F[B, T, 2 * hidden] {
    return concat([forward(xs, mask = mask), back(xs, mask = mask)])
  }
}
