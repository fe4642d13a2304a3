import nn

/// Columns 2 to 31 of the table: numbers measured on images of cell nuclei.
features = [i + 2 for i in range(30)]

/// Whether a tumour is benign or malignant.
model Cancer {
  /// Standardized.
  input nuclei: f32[B, 30]
  /// 0 for benign, 1 for malignant.
  input diagnosis: i32[B]

  logits = nuclei |> nn.Dense(32) |> relu |> nn.Dropout(0.3) |> nn.Dense(2)
  output probability = softmax(logits)

  loss = mean(cross_entropy(logits, diagnosis))
  metric accuracy = mean(argmax(logits) == diagnosis)
  /// Of saying benign each time.
  metric naive_accuracy = mean(diagnosis == 0)
}

train Cancer {
  data nuclei, diagnosis = csv(
    "wdbc.data",
    header = false,
    columns = [features, 1],
    categories = 1,
    standardize = features,
    hold_back = 0.3
  )
  minimize loss
  optimizer adamw(rate = cosine(peak = 3e-3, warmup = 20), decay = 0.01)
  batch 32
  epochs 30
}

test "starts out undecided" {
  m = Cancer()
  expect m.loss ≈ log(2.0) within 0.6
}
