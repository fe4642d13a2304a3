layer Dense(units: int, bias: bool = true, init: initializer = glorot_uniform) {
  apply(x: f32[..B, In]) -> f32[..B, units] {
    weight w: f32[In, units] = init
    y = x @ w
    if bias {
      weight b: f32[units] = zeros
      y = y + b
    }
    return y
  }
}

layer Lstm(hidden: int) {
  apply(xs: f32[B, T, In]) -> f32[B, T, hidden] {
    weight w: f32[In + hidden, 4 * hidden] = orthogonal
    weight b: f32[4 * hidden] = zeros
    h, c, hs = scan x in xs over axis 1 carry h = zeros([B, hidden]), c = zeros([B, hidden]) {
      i, f, g, o = split(concat([x, h]) @ w + b, 4)
      c = sigmoid(f + 1.0) * c + sigmoid(i) * tanh(g)
      h = sigmoid(o) * tanh(c)
      yield h
    }
    return hs
  }
}
