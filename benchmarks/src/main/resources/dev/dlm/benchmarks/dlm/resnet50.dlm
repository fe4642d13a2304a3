import nn

/// Three convolutions around a shortcut, the middle one with the stride: He, Zhang, Ren, Sun,
/// arXiv:1512.03385, in the form called version 1.5.
layer Bottleneck(width: int, stride: int = 1) {
  apply(x: f32[N, C, H, W]) {
    y = x
      |> nn.Conv(width, kernel = 1) named conv1 |> relu
      |> nn.Conv(width, stride = stride, padding = 1) named conv2 |> relu
      |> nn.Conv(4 * width, kernel = 1) named conv3
    shortcut = x
    if C != 4 * width {
      shortcut = x |> nn.Conv(4 * width, kernel = 1, stride = stride) named shortcut
    }
    return relu(y + shortcut)
  }
}

/// Blocks one behind the other, the first with the stride.
layer Stage(width: int, blocks: int, stride: int) {
  apply(x: f32[N, C, H, W]) {
    y = x
    repeat i in 0..blocks {
      y = y |> Bottleneck(width, if i == 0 then stride else 1) named block[i]
    }
    return y
  }
}

/// ResNet-50 as it is served: each normalization is part of the convolution before it.
model Resnet50(width: int = 64, blocks: list = [3, 4, 6, 3], classes: int = 1000) {
  input image: f32[B, 3, 224, 224]

  x = image
    |> nn.Conv(width, kernel = 7, stride = 2, padding = 3) named stem |> relu
    |> max_pool(3, stride = 2, padding = 1)
  repeat s in 0..4 {
    x = x |> Stage(width * 2 ** s, blocks[s], if s == 0 then 1 else 2) named stage[s]
  }
  output logits = mean(x, [2, 3]) |> nn.Dense(classes) named dense
}
