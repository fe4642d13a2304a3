import nn

function gelu_tanh(x: tensor) = gelu(x, approximate = true)

/// A transformer encoder that normalizes behind each residual sum.
model Encoder(width: int = 256, heads: int = 4, depth: int = 4) {
  input x: f32[B, T, width]
  input target: f32[B, T, width]

  y = x
  repeat l in 0..depth {
    y = y
      |> nn.TransformerBlock(heads, activation = gelu_tanh, norm_first = false) named layer[l]
  }

  output y
  loss = mean_square_error(y, target)
}

train Encoder {
  data x, target = idx("x", "targets")
  minimize loss
  optimizer adam(rate = 0.001)
  batch 8
}
