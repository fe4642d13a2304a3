model Ops {
  input x: f32[B, 4]
  input n: i32[B]
  a = op(x)  // expected-error {{argument-count: op needs the name of an op, a string}} expected-help {{it is op("name", operand, …, attribute = value, …)}}
  b = op("tanhh", x)  // expected-error {{unknown-op: there is no op 'tanhh'}} expected-help {{did you mean 'tanh'?}}
  c = op("reduce", x, kind = "sum")  // expected-error {{argument-count: reduce needs a value for its attribute 'axes'}} expected-help {{it is op("reduce", operand, …, kind = "sum" or }}
  d = op("reduce", x, kind = "total", axes = [0])  // expected-error {{type-mismatch: reduce takes for kind: "sum" or }}
  e = op("reduce", x, kind = "sum", axes = 0)  // expected-error {{type-mismatch: reduce takes for axes: a list, each element an int, not an int}}
  f = op("reduce", x, kind = "sum", axis = [0])  // expected-error {{unknown-argument: reduce has no attribute 'axis'}} expected-help {{did you mean 'axes'?}}
  g = op("reduce", x, kind = "sum", kind = "max", axes = [0])  // expected-error {{duplicate-argument: 'kind' is given twice}}
  h = op("tanh", x, x)  // expected-error {{operand-count: tanh: takes 1 operand, not 2 (C1)}} expected-note {{operand 0 is f32[B, 4], from input x}}
  i = op("tanh", n)  // expected-error {{dtype-mismatch: tanh: }} expected-note {{operand 0 is i32[B], from input n}}
  j = op("stop_gradient", f32)  // expected-error {{type-mismatch: op takes operand 0: takes a tensor, not a dtype}}
  k = op("constant", value = 1.0)  // expected-error {{type-mismatch: constant takes for value: a value that only Java can give, not a float}}
  l = cumsum(x, axis = 2)  // expected-error {{shape-mismatch: cumsum: axis 2 is not one of a tensor of rank 2}}
  m = sort(x > 0.0)  // expected-error {{dtype-mismatch: sort: booleans have no order (C3)}}
  o = top_k(x, 5)  // expected-error {{shape-mismatch: top_k: axis 1 of f32[B, 4] has not 5 (C4)}}
  p = top_k(x, 1.5)  // expected-error {{type-mismatch: top_k takes k: a size, not a float}}
  q = one_hot(x, 3)  // expected-error {{dtype-mismatch: one_hot: takes integers, not f32[B, 4] (C2)}}
  r = one_hot(n, 3, on = "yes")  // expected-error {{type-mismatch: one_hot takes on: a float, not a string}}
  output out = x
}
