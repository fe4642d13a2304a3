import nn

/// A convolution and its normalization.
layer Normalized(channels: int, kernel: int = 3, stride: int = 1) {
  apply(x: f32[N, C, H, W]) {
    return x
      |> nn.Conv(channels, kernel, stride, padding = kernel / 2, bias = false) named conv
      |> nn.BatchNorm() named norm
  }
}

/// Two convolutions around a shortcut: He, Zhang, Ren, Sun, arXiv:1512.03385
layer BasicBlock(channels: int, stride: int = 1) {
  apply(x: f32[N, C, H, W]) {
    y = x
      |> Normalized(channels, stride = stride) named conv1
      |> relu
      |> Normalized(channels) named conv2
    shortcut = x
    if C != channels {
      shortcut = x |> Normalized(channels, kernel = 1, stride = stride) named shortcut
    }
    return relu(y + shortcut)
  }
}

layer Stage(channels: int, stride: int) {
  apply(x: f32[N, C, H, W]) {
    return x |> BasicBlock(channels, stride) named block[0] |> BasicBlock(channels) named block[1]
  }
}

/// The residual network of eighteen layers in its form for small images.
model Resnet18(width: int = 64, classes: int = 10) {
  input image: f32[B, 3, 32, 32]
  input label: i32[B]

  x = image |> Normalized(width) named stem |> relu
  repeat s in 0..4 {
    x = x |> Stage(width * 2 ** s, stride = if s == 0 then 1 else 2) named stage[s]
  }
  logits = mean(x, [2, 3]) |> nn.Dense(classes) named dense

  loss = mean(cross_entropy(logits, label))
}

train Resnet18 {
  data image, label = idx("images", "labels")
  minimize loss
  optimizer momentum(rate = 0.01, decay = 0.9)
  batch 32
}
