import nn

function running(xs: f32[T, N]) {
  h, hs = scan x in xs carry h = x {  // expected-error {{unknown-name: 'x' is not known here}}
    h = h + x
    yield h
  }
  return hs
}

layer Counted {
  apply(x: f32[..S]) -> f32[..S] {
    state count: f32[] = zeros
    next count = count + 1.0  // expected-error {{misplaced-statement: a state has one next value, and code inside of 'scan', 'while' and 'cond' does not run once}} expected-help {{give it to 'next' outside}}
    return x
  }
}

model Control {
  input xs: f32[B, 6, 4]
  input mask: bool[B, 7]
  input flag: bool[B]
  a, as = scan x in xs over axis 1 carry a = full([B, 5], 0.0) {
    a = a[:, 0:4] + x  // expected-error {{shape-mismatch: 'a' starts as f32[B, 5], and its next value is f32[B, 4]}} expected-note {{'a' at the start is f32[B, 5], from full}} expected-note {{the next value is f32[B, 4], from '+'}} expected-help {{one type in every step}}
    yield a
  }
  b = scan x in xs over axis 1 carry n = 0 {
    n = n + 1
    if n > 3 {  // expected-error {{type-mismatch: if is decided before anything runs}} expected-help {{'cond' runs one of two branches}}
      n = 0
    }
  }
  after_b = b + 1
  c = scan x in xs over axis 1 carry s = 0.0 {
    s = cast(sum(x), f64)  // expected-error {{dtype-mismatch: 's' starts as f32[], and its next value is f64[]}}
  }
  d = scan x, m in xs over axis 1 { yield x }  // expected-error {{result-count: 2 names for 1 sequence}}
  e = scan x, m in xs, mask over axis 1 { yield x }  // expected-error {{shape-mismatch: sequences of one scan have different lengths: 6 and 7}} expected-note {{mask is bool[B, 7], from input mask}}
  f = scan x in xs over axis 3 { yield x }  // expected-error {{shape-mismatch: a scan over axis 3 goes along no axis of f32[B, 6, 4]}}
  g = scan i in 6 { yield i }  // expected-error {{type-mismatch: a scan goes along a tensor or a range, not an int}} expected-help {{0..n goes through}}
  h = scan i in 5..2 { yield i }  // expected-error {{shape-mismatch: the range 5..2 ends before it starts}}
  i = scan x in xs { y = x }  // expected-error {{missing-return: this scan gives nothing}}
  j = scan x in xs {
    output y = x  // expected-error {{misplaced-statement: 'output' belongs in a model, outside of 'scan'}}
  }
  k = scan x in xs {
    yield x |> Counted()
  }
  l = scan x in xs reversed when x { yield x }  // expected-error {{unknown-name: 'x' is not known here}}
  m = scan x in xs carry s = 0.0, s = 1.0 { yield x }  // expected-error {{duplicate-name: 's' is carried twice}}
  n = while i carry i = 0 {  // expected-error {{type-mismatch: the condition of 'while' is one bool[], not i32[]}} expected-help {{a comparison gives a bool}}
    i = i + 1
  }
  o = while i < 3 carry i = 0 limit 0 {  // expected-error {{type-mismatch: 'limit' is at least 1, not 0}}
    i = i + 1
  }
  p = while i < 3 carry i = 0 {
    i = i + 1
    yield i  // expected-error {{misplaced-statement: 'yield' belongs in a scan or a branch of cond, outside of 'while'}}
  }
  q = cond flag { yield 1 } else { yield 2 }  // expected-error {{type-mismatch: the condition of 'cond' is one bool[], not bool[B]}} expected-help {{all(…) or any(…) makes one bool of many}}
  r = cond any(flag) { yield xs } else { yield xs[:, 0] }  // expected-error {{shape-mismatch: one branch yields f32[B, 6, 4], the other f32[B, 4]}} expected-note {{the other is f32[B, 4], from an index}}
  s = cond any(flag) { yield 1, 2 } else { yield 1 }  // expected-error {{result-count: one branch yields 2 values, the other 1 value}}
  t = cond any(flag) { u = 3 } else { v = 4 }  // expected-error {{missing-return: the branches of this cond yield nothing}}
  weight w: f32[4] = ones
  y = w * 2.0
  u = scan x in xs {
    yield gradient(sum(x * y), over = w)  // expected-error {{gradient-from-outside: gradient: a part of this value}}
  }
  v = jvp(sum(xs), over = xs, along = [xs, xs])  // expected-error {{result-count: jvp: moves 1 tensor along 2 directions}}
  z = jvp(xs, over = w, along = xs)  // expected-error {{shape-mismatch: jacobian_vector_product: the direction f32[B, 6, 4] does not suit f32[4]}}
  yield w  // expected-error {{misplaced-statement: 'yield' belongs in a scan or a branch of cond}}
  output out = xs
}
