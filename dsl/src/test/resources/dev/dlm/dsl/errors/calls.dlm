import nn

function twice(x: f32[..S]) -> f32[..S] = x * 2.0

function nothing(x: f32[..S]) {
  y = x
}

function pair(x: f32[..S]) -> (f32[..S], f32[..S]) {
  return x  // expected-error {{result-count: pair declares 2 results and returns 1}}
}

model Calls {
  input x: f32[B, 4]
  input n: i32[B]
  a = x |> nn.Dense()  // expected-error {{argument-count: nn.Dense needs an argument for 'units'}} expected-help {{it is nn.Dense(units: int, bias: bool = …, init: initializer = …)}}
  b = twice(x, x)  // expected-error {{argument-count: twice takes 1 argument, not 2}}
  c = nn.Dense(3, units = 4)(x)  // expected-error {{duplicate-argument: 'units' is given twice}}
  d = nothing(x)  // expected-error {{missing-return: nothing returns nothing}}
  e, f = pair(x)
  g, h = twice(x)  // expected-error {{result-count: 2 names for a tensor f32[B, 4]}}
  i = x(3)  // expected-error {{not-callable: this is a tensor f32[B, 4]: it cannot be called}}
  j = nn.Dense(2.5)(x)  // expected-error {{type-mismatch: nn.Dense takes units: int, not a float}}
  k = nn.Dense(3, init = x)(x)  // expected-error {{type-mismatch: nn.Dense takes init: initializer, not a tensor}}
  l = twice(n)  // expected-error {{dtype-mismatch: twice takes x: f32[..S], not i32[B]}} expected-note {{x is i32[B], from input n}}
  m = sum(x, axes = 1)  // expected-error {{unknown-argument: sum has no parameter 'axes'}} expected-help {{did you mean 'axis'?}}
  o = sum()  // expected-error {{argument-count: sum needs an argument for 'x'}}
  p = sum(x, 1, true, 4)  // expected-error {{argument-count: sum takes 3 arguments at most, not 4}}
  q = nn.Dens(3)(x)  // expected-error {{unknown-name: a module has no member 'Dens'}} expected-help {{did you mean 'Dense'?}}
  r = Dense(3)(x)  // expected-error {{unknown-name: 'Dense' is not known here}} expected-help {{did you mean 'nn.Dense'?}}
  s = x |> nn.Conv(3, padding = "sme")  // expected-error {{shape-mismatch: nn.Conv: convolution: takes a tensor with axes for batch, channels and at least one more, not f32[B, 4]}} expected-note {{x is f32[B, 4], from input x}}
  t = x.shap  // expected-error {{unknown-name: a tensor f32[B, 4] has no member 'shap'}} expected-help {{did you mean 'shape'?}}
  u = max_pool(reshape(x, [B, 1, 4]), 2, padding = "sme")  // expected-error {{type-mismatch: nn.max_pool: padding is "same", "valid" or a number, not "sme"}}
  v = 1 / 0  // expected-error {{arithmetic: this has no value}}
  w = "a" * 2  // expected-error {{type-mismatch: '*' does not apply to a string and an int}}
  y = if B == 3 then 1 else 2  // expected-error {{undecided-size: 'B == 3' is not known before anything runs}}
  z = if x > 0.0 then 1 else 2  // expected-error {{type-mismatch: if is decided before anything runs}} expected-help {{select(condition, a, b)}}
  output out = x
}
