import nn

/// The class of a point is that of the nearest prototype.
layer Prototypes(classes: int) {
  apply(x: F[B, N]) -> F[B, classes] {
    weight points: F[classes, N] = normal(deviation = 1.0)
    return op("square_distance", x, points, factor = -1.0)
  }
}

/// Points of a plane, by ops that a library adds. While the classes move to their prototypes, the
/// embedding learns to hide from an opponent which half of the plane a point comes from.
model Points(units: int = 8, classes: int = 4, strength: float = 0.1) {
  input x: f32[B, 2]
  input label: i32[B]
  input half: i32[B]
  embedding = x |> nn.Dense(16) |> tanh |> nn.Dense(units)
  logits = embedding |> Prototypes(classes)
  guess = embedding |> op("reverse_gradient", strength = strength) |> nn.Dense(2)
  output class = argmax(logits)
  loss = mean(cross_entropy(logits, label)) + mean(cross_entropy(guess, half))
  metric accuracy = mean(argmax(logits) == label)
}
