import nn

width = heigth * 2  // expected-error {{unknown-name: 'heigth' is not known here}} expected-help {{did you mean 'height'?}}
height = 3
height = 4  // expected-error {{duplicate-name: 'height' is declared twice in this file}}

layer Counter {
  apply(x: f32[..S]) -> f32[..S] {
    state count: f32[] = zeros
    next counts = count + 1.0  // expected-error {{unknown-name: there is no state or stream 'counts' here}}
    next count = x  // expected-error {{shape-mismatch: 'count' is f32[], its next value f32[B, 4]}}
    weight w: f32[] = ones
    weight w: f32[] = ones  // expected-error {{duplicate-name: 'w' is declared twice in this code}}
    input y: f32[]  // expected-error {{misplaced-statement: 'input' belongs in a model}}
    return x * w
  }
}

layer Scale {
  apply(x: f32[..B, N]) -> f32[..B, N] {
    weight w: f32[N] = ones  // expected-error {{shared-weight-mismatch: 'scale.w' is f32[4] here, but was made as f32[2]}}
    return x * w
  }
}

layer Symbolic {
  apply(x: f32[B, N]) -> f32[B, N] {
    stream seen: i32[B]  // expected-error {{symbolic-weight: the size of a variable must be known before anything runs, and i32[B] is not}}
    weight w: f32[B, N] = ones  // expected-error {{symbolic-weight: the size of a variable must be known before anything runs, and f32[B, 4] is not}}
    return x * w
  }
}

layer Unused {
  apply(x: f32[B, N]) -> f32[B, N] {
    return x * facto  // expected-error {{unknown-name: 'facto' is not known here}}
  }
}

model Statements {
  input x: f32[B, 4]
  input x: f32[B, 5]  // expected-error {{duplicate-name: 'x' has a role in this model already}}
  input y: f33[B]  // expected-error {{unknown-type: 'f33' is not an element type}} expected-help {{did you mean 'f32'?}}
  where 3 <= 2  // expected-error {{condition-violated: this does not hold: 3 <= 2}}
  return x  // expected-error {{misplaced-statement: 'return' belongs in a function or apply}}
  a = Counter()(x)
  scale = Scale()
  b = scale(x[:, 0:2])
  c = scale(x)
  d = Symbolic()(x)
  e = random_uniform([3])  // expected-error {{random-without-seed: nn.random_uniform: random numbers are drawn in training and by initializers}}
  g = nn.Dense(2) named head
  h = nn.Dense(3) named head  // expected-error {{duplicate-name: a layer named 'head' is here already}}
  repeat i in 0..1000000 {  // expected-error {{too-many-statements: repeat makes 1000000 copies, and 100000 is the most}}
    q = 3
  }
  i = [1, 2][2]  // expected-error {{index-out-of-range: there is no element 2 in a list of 2}}
  expect a  // expected-error {{misplaced-statement: 'expect' belongs in a test}}
  metric m = x  // expected-error {{metric-not-scalar: a metric is one number, not f32[B, 4]}}
  output out = q
}
