import nn

model Five(classes: int = 10) {
  input image: f32[B, 784]
  input label: i32[B]
  hidden = imag |> nn.Dense(128)  // expected-error {{unknown-name: 'imag' is not known here}} expected-help {{did you mean 'image'?}}
  wide = image |> nn.Dense(units = 64, biass = false)  // expected-error {{unknown-argument: nn.Dense has no parameter 'biass'}} expected-help {{did you mean 'bias'?}}
  logits = hidden |> relu |> nn.Dense(classes)
  sum_ = image + label  // expected-error {{dtype-mismatch: operands of '+' have different element types: f32 and i32}} expected-note {{image is f32[B, 784], from input image}}
  loss = cross_entropy(image, label)  // expected-error {{loss-not-scalar: a loss is one floating-point number, not f32[B]}} expected-help {{mean(…)}}
  output probability = softmax(logits)
  metric accuracy = mean(argmx(logits) == label)  // expected-error {{unknown-name: 'argmx' is not known here}} expected-help {{did you mean 'argmax'?}}
}
