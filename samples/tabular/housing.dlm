import nn

numbers = [
  "longitude",
  "latitude",
  "housing_median_age",
  "total_rooms",
  "total_bedrooms",
  "population",
  "households",
  "median_income"
]

/// The median price of houses in a district of California (census of 1990).
model Housing(width: int = 96) {
  /// Eight numbers, standardized, and how near the ocean is, one of five.
  input district: f32[B, 13]
  /// In dollars.
  input price: f32[B]

  scaled = district
    |> nn.Dense(width) |> relu
    |> nn.Dense(width) |> relu
    |> nn.Dense(1)
  prediction = 100_000.0 * (2.0 + reshape(scaled, [B]))
  output prediction

  loss = mean(huber(prediction / 100_000.0, price / 100_000.0))
  /// Of the prediction, in dollars.
  metric error = mean(abs(prediction - price))
  /// Of saying 179,700, the median of all districts, each time.
  metric naive_error = mean(abs(179_700.0 - price))
}

train Housing {
  data district, price = csv(
    "california-housing.csv",
    columns = [numbers + ["ocean_proximity"], "median_house_value"],
    one_hot = "ocean_proximity",
    standardize = numbers,
    missing = "mean",
    hold_back = 0.2
  )
  minimize loss
  optimizer adam(rate = cosine(peak = 3e-3, warmup = 200))
  batch 128
  epochs 30
}

test "starts out near the mean price" {
  m = Housing()
  expect m.prediction ≈ 200_000.0 within 150_000.0
}
