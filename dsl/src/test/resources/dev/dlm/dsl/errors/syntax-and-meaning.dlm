model Both {
  input x: f32[B, 4]
  y = x + )  // expected-error {{syntax: expected an expression, found ')'}}
  z = y * 2.0
  w = z + unknown  // expected-error {{unknown-name: 'unknown' is not known here}}
  output out = z
}
