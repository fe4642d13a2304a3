initializer early {
  numbers = iota(4)
  apply(shape: list, dtype: dtype) {
    return cast(numbers, dtype)  // expected-error {{type-mismatch: this tensor belongs to the graph of the model, and an initializer has its own}} expected-help {{make it in the apply}}
  }
}

model Early {
  weight w: f32[4] = early
  output w = w * 1.0
}
