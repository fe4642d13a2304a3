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
  g = x |> nn.Embedding(5, 4)  // expected-error {{dtype-mismatch: nn.Embedding: take: indices are i32 or i64, not f32[B, 3]}}
  h = dynamic_slice(x, x[0], [1, 1])  // expected-error {{dtype-mismatch: dynamic_slice: starts are i32 or i64, not f32[3]; cast(starts, i32) makes them so}}
  i = dynamic_slice(x, [0, 0], [1, 4])  // expected-error {{shape-mismatch: dynamic_slice: a part of [1, 4] does not fit into f32[B, 3]}}
  j = dynamic_update(x, [[1.0]], [ids[0], 0])  // expected-error {{type-mismatch: dynamic_update: each of starts is one i32 or i64, not i32[6]}}
  k = dynamic_update(x, [[1.0]], [0])  // expected-error {{shape-mismatch: dynamic_update_slice: i32[1] is not one start for each axis of f32[B, 3]}}
  l = reverse(x, 2)  // expected-error {{shape-mismatch: reverse: axis 2 is not one of a tensor of rank 2}}
  m = x[x]  // expected-error {{dtype-mismatch: a tensor of indices is i32 or i64, not f32[B, 3]}} expected-help {{cast(indices, i32) makes them so}}
  n = x[ids[0, :3], ids[0, :4]]  // expected-error {{shape-mismatch: tensors of indices do not go together}}
  o = x[ids[0], cast(ids[0], i64)]  // expected-error {{dtype-mismatch: tensors of indices do not go together}}
  p = x[ids[0, 0]:]  // expected-error {{type-mismatch: the bounds of a range are ints, not tensors}} expected-help {{dynamic_slice(x, starts, sizes) is a part that starts where a tensor says}}
  q = x[ids, ids, ids]  // expected-error {{shape-mismatch: 3 indices for f32[B, 3]}}
  output first = x
}
