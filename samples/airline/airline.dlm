import nn

/// Passengers of international airlines in the month to come: a long short-term memory reads by how
/// much each of the last twelve months exceeded the same month a year before, and says it of the next.
model Airline(units: int = 16) {
  /// In thousands, month by month.
  input past: f32[B, 24, 1]
  input next: f32[B]

  year_ago = past[:, 12, 0]
  months = log(maximum(past, 1.0))
  growths = months[:, 12:] - months[:, :12]
  states = growths |> nn.Lstm(units)
  growth = reshape(states[:, -1] |> nn.Dense(1, init = normal(0.01)), [B])
  forecast = year_ago * exp(growth)
  output forecast

  loss = mean((log(forecast) - log(next)) ** 2)
  /// In thousands.
  metric error = mean(abs(forecast - next))
  /// Of saying what was a year ago.
  metric naive_error = mean(abs(year_ago - next))
}

train Airline {
  data past, next = series(
    "airline-passengers.csv",
    columns = "Passengers",
    past = 24,
    hold_back = 24
  )
  minimize loss
  optimizer adamw(rate = cosine(peak = 5e-3, warmup = 50), decay = 0.01)
  clip global_norm(1.0)
  batch 8
  epochs 80
}

test "begins near last year's value" {
  m = Airline()
  expect m.growth ≈ 0.0 within 0.2
}
