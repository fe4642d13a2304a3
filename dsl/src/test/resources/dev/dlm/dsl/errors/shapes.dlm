import nn

layer Product(units: int) {
  apply(x: f32[B, In]) -> f32[B, units] {
    weight w: f32[1024, units] = zeros
    return x @ w  // expected-error {{shape-mismatch: inner dimensions differ: 3136 and 1024}} expected-note {{x is f32[B, 3136], from nn.flatten}} expected-note {{in Product, used here}}
  }
}

layer Wrong(units: int) {
  apply(x: f32[B, In]) -> f32[B, units] {
    return x  // expected-error {{shape-mismatch: Wrong returns: f32[B, units], where units is 7, not 3136}}
  }
}

model Shapes {
  input image: f32[B, 64, 7, 7]
  input other: f32[B, 3]
  input ids: i32[B, 6]
  flat = flatten(image)
  a = flat |> Product(10)
  b = flat |> Wrong(7)
  c = flat + other  // expected-error {{shape-mismatch: operands of '+' have shapes that do not fit: [B, 3136] and [B, 3]}}
  d = image |> nn.Dense(3) |> Product(2)  // expected-error {{shape-mismatch: Product takes x: f32[B, In], not f32[B, 64, 7, 3]}}
  e = ids |> nn.Dense(3)  // expected-error {{dtype-mismatch: nn.Dense: a weight is floating point, and i32[6, 3] is not}}
  f = reshape(flat, [B, 3000])  // expected-error {{shape-mismatch: reshape:}}
  g = image |> nn.Conv(8, kernel = 9, padding = "valid")  // expected-error {{shape-mismatch: nn.Conv: convolution: the kernel}}
  h = flat[:, 4000]  // expected-error {{index-out-of-range: this lies outside of f32[B, 3136]}}
  i = cross_entropy(flat, other)  // expected-error {{shape-mismatch: nn.cross_entropy takes label: L[..B], where B is [B], not [B, 3]}}
  j = concat([flat, ids])  // expected-error {{dtype-mismatch: concat:}}
  k = sum(flat, 5)  // expected-error {{shape-mismatch: sum: axis 5 is not one of a tensor of rank 2}}
  l = image |> max_pool(9)  // expected-error {{shape-mismatch: nn.max_pool: reduce_window: the window}}
  m = flat @ 3.0  // expected-error {{shape-mismatch: '@' takes vectors and matrices}}
  n = image |> nn.ConvTranspose(2, stride = 2, padding = 1, output_padding = 2)  // expected-error {{shape-mismatch: nn.ConvTranspose: convolution_transpose: output_padding 2 is not from 0 to below the stride, 2}}
  output probability = softmax(flat)
}
