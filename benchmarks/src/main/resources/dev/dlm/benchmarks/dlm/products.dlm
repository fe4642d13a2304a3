import nn

// Products with a constant right operand, any number of rows, and columns times depth as named.

model Product256x256 {
  input a: f32[Rows, 256]
  output c = a |> nn.Dense(256, bias = false) named product
}

model Product512x512 {
  input a: f32[Rows, 512]
  output c = a |> nn.Dense(512, bias = false) named product
}

model Product1024x1024 {
  input a: f32[Rows, 1024]
  output c = a |> nn.Dense(1024, bias = false) named product
}

model Product2048x2048 {
  input a: f32[Rows, 2048]
  output c = a |> nn.Dense(2048, bias = false) named product
}

model Product128x784 {
  input a: f32[Rows, 784]
  output c = a |> nn.Dense(128, bias = false) named product
}

model Product3072x768 {
  input a: f32[Rows, 768]
  output c = a |> nn.Dense(3072, bias = false) named product
}

model Product768x3072 {
  input a: f32[Rows, 3072]
  output c = a |> nn.Dense(768, bias = false) named product
}
