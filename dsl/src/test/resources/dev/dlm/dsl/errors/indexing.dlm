import nn

model Indices {
  input x: f32[B, 3]
  input ids: i32[B, 6]
  a = take(x, x)  // expected-error {{dtype-mismatch: take: indices are i32 or i64, not f32[B, 3]; cast(indices, i32) makes them so}} expected-note {{indices is f32[B, 3]}}
  b = take(x, ids, axis = 2)  // expected-error {{shape-mismatch: take: axis 2 is not one of a tensor of rank 2}}
  c = take_along(x, ids[0])  // expected-error {{shape-mismatch: take_along: the ranks of f32[B, 3] and i32[6] differ}}
  d = scatter(x, [0], x[:, :2])  // expected-error {{shape-mismatch: scatter: f32[B, 2] does not broadcast to the places that the indices name, [1, 3]}}
  e = scatter(x, [0], 1.0, kind = "sum")  // expected-error {{type-mismatch: scatter takes kind: "set", "add", "max" or "min", not a string}}
  f = scatter(x > 0.0, [0], true, kind = "add")  // expected-error {{dtype-mismatch: scatter: ADD does not take bool[B, 3]}}
  g = x |> nn.Embedding(5, 4)  // expected-error {{dtype-mismatch: take: indices are i32 or i64, not f32[B, 3]}}
  output first = x
}
