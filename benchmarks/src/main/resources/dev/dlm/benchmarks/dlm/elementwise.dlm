import nn

/// A chain of element-wise operations, as behind a product.
model Gelu {
  input x: f32[Rows, 1024]
  input r: f32[Rows, 1024]
  weight w: f32[1024] = ones
  weight b: f32[1024] = zeros
  output y = gelu(x * w + b, approximate = true) + r
}

model LayerNorm {
  input x: f32[Rows, 1024]
  output y = x |> nn.LayerNorm() named norm
}

model Softmax {
  input x: f32[Rows, 1024]
  output y = softmax(x)
}
