/// A learned vector for each position: [.., T] tokens give [T, width]. Gehring et al.,
/// arXiv:1705.03122
layer Positions(context: int, width: int, dtype: dtype = f32, init: initializer = normal) {
  apply(tokens: L[..B, T]) {
    where T <= context
    weight table: dtype[context, width] = init
    return table[:T]
  }
}

/// sin and cos of positions: row t, column 2i is sin(t / base^(2i / width)), column 2i + 1 the
/// cosine of the same angle. Vaswani et al., arXiv:1706.03762, section 3.5
function sinusoidal_positions(
  positions: int,
  width: int,
  base: float = 10000.0,
  dtype: dtype = f32
) {
  column = iota(width)
  even = cast(shift_left(shift_right(column, 1), 1), dtype)
  frequency = exp(even * (-log(base) / width))
  angle = cast(reshape(iota(positions), [positions, 1]), dtype) * frequency
  return select(bit_and(column, 1) == 0, sin(angle), cos(angle))
}

/// Pairs of elements of each head rotated by angles that grow with the position: pair i of position
/// t by t / base^(2i / D). Su et al., arXiv:2104.09864. A pair is i and i + D / 2, or 2i and 2i + 1
/// where `interleaved`. `offset` is the first position, an int or `i32[]`.
function rotary(
  x: F[B, T, H, D],
  base: float = 10000.0,
  offset = 0,
  interleaved: bool = false
) -> F[B, T, H, D] {
  where D % 2 == 0
  exact = if F == f64 then f64 else f32
  frequency = exp(cast(iota(D / 2), exact) * (-2.0 * log(base) / D))
  angle = cast(reshape(iota(T) + offset, [T, 1, 1]), exact) * frequency
  along = cast(cos(angle), F)
  across = cast(sin(angle), F)
  // x as pairs, and each pair the other way round: one loop, and no part is moved.
  axis = if interleaved then -1 else -2
  inner = if interleaved then [D / 2, 1] else [1, D / 2]
  pairs = reshape(x, [B, T, H] + (if interleaved then [D / 2, 2] else [2, D / 2]))
  c = reshape(along, [T, 1] + inner)
  s = reshape(across, [T, 1] + inner)
  turned = reverse(pairs, axis) * concat([-s, s], axis)
  return reshape(pairs * c + turned, [B, T, H, D])
}
