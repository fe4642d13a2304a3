import nn

/// Two convolutions around a shortcut: He, Zhang, Ren, Sun, arXiv:1512.03385
layer BasicBlock(channels: int, stride: int = 1) {
  apply(x: F[N, C, H, W]) {
    y = x
      |> nn.Conv(channels, stride = stride, bias = false) |> nn.BatchNorm() |> relu
      |> nn.Conv(channels, bias = false) |> nn.BatchNorm()
    shortcut = x
    if stride > 1 or C != channels {
      shortcut = x |> nn.Conv(channels, kernel = 1, stride = stride, bias = false) |> nn.BatchNorm()
    }
    return relu(y + shortcut)
  }
}

/// The residual network of eighteen layers, in its form for small images: the first convolution keeps the
/// size. `width` is 64 in the original.
model Resnet18(width: int = 32, classes: int = 10) {
  /// Red, green and blue in [0, 1].
  input image: f32[B, 3, 32, 32]
  /// The class.
  input label: i32[B]

  x = (image - 0.5) * 4.0 |> nn.Conv(width, bias = false) |> nn.BatchNorm() |> relu
  repeat stage in 0..4 {
    x = x
      |> BasicBlock(width * 2 ** stage, stride = if stage == 0 then 1 else 2) named stage[2 * stage]
      |> BasicBlock(width * 2 ** stage) named stage[2 * stage + 1]
  }
  logits = mean(x, [2, 3]) |> nn.Dense(classes)

  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, label))
  metric accuracy = mean(argmax(logits) == label)
}

train Resnet18 {
  data image, label = cifar("data_batch_1.bin.gz", hold_back = 2000, mirror = true, crop = 4)
  validate image, label = cifar("data_batch_1.bin.gz", hold_back = 2000)
  minimize loss
  optimizer adamw(rate = cosine(peak = 3e-3, warmup = 20), decay = 0.05)
  batch 64
  epochs 16
}

test "starts out undecided" {
  m = Resnet18(width = 8)
  expect m.loss ≈ log(10.0) within 1.0
}
