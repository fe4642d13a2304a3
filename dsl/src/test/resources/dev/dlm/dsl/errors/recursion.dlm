layer Endless {
  apply(x: f32[..S]) -> f32[..S] {
    return Endless()(Endless()(x))
  }
}

function loop(x: f32[..S]) -> f32[..S] = loop(x) + loop(x)

model Recursion {
  input x: f32[B]
  a = Endless()(x)  // expected-error {{endless-recursion: Endless does not end}}
  b = loop(x)  // expected-error {{endless-recursion: loop does not end}}
  c = x + missing  // expected-error {{unknown-name: 'missing' is not known here}}
  output out = x
}
