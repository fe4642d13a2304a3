import nn

/// How much reward is still to come after each action, for a cart that balances a pole: deep Q-learning, Mnih et
/// al., Nature 518, 2015. The program gives the data, out of what the model did.
model Cartpole(units: int = 64) {
  /// Position and velocity of the cart, angle and angular velocity of the pole.
  input state: f32[B, 4]
  /// What was done: 0 pushes to the left, 1 to the right.
  input action: i32[B]
  /// What it was worth.
  input target: f32[B]

  values = state |> nn.Dense(units) |> relu |> nn.Dense(units) |> relu |> nn.Dense(2)

  output values
  error = sum(values * one_hot(action, 2), 1) - target
  /// Huber, 1964: square near zero, straight beyond one.
  loss = mean(select(abs(error) < 1.0, 0.5 * error * error, abs(error) - 0.5))
}

train Cartpole {
  data state, action, target = idx("states", "actions", "targets")
  minimize loss
  optimizer adam(rate = 1e-3)
  clip global_norm(10.0)
  batch 64
}
