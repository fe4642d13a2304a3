import nn

model Small {
  input image: f32[B, 4]
  input label: i32[B]
  logits = image |> nn.Dense(3)
  output probability = softmax(logits)
  loss = mean(cross_entropy(logits, label))
  metric accuracy = mean(argmax(logits) == label)
}

train Small {
  data image, lable = idx("images", "labels")  // expected-error {{unknown-name: the model has no input 'lable'}} expected-help {{did you mean 'label'?}}
  validate image, label = idx("images")  // expected-error {{argument-count: idx takes one file for each of the 2 inputs}}
  minimize logits  // expected-error {{loss-not-scalar: only one floating-point number can be minimized, not a tensor f32[B, 3]}}
  optimizer adam(rate = cosine(peak = 1e-3))
  batch 0  // expected-error {{type-mismatch: 'batch' is at least 1, not 0}}
  epochs "five"  // expected-error {{type-mismatch: 'epochs' takes an int, not a string}}
  stop when validate.acuracy stalls for 3 epochs  // expected-error {{unknown-name: the model has no metric or loss 'acuracy'}} expected-help {{did you mean 'accuracy'?}}
}

train Smal {  // expected-error {{unknown-name: there is no model 'Smal' in this file}} expected-help {{did you mean 'Small'?}}
  minimize loss
}

model Other {
  input image: f32[B, 4]
  input label: i32[B]
  loss = mean(image)
}

train Other {  // expected-error {{incomplete-training: this block lacks 'optimizer'}}
  data image = csv("images")  // expected-error {{incomplete-training: nothing feeds the model's input label}}
  minimize loss
}

model Third {
  input image: f32[B, 4]
  weight w: f32[4] = 0.5
  loss = mean(image * w)
}

train Third {
  data image = csv("images")  // expected-error {{unknown-name: there is no data reader 'csv'}} expected-help {{readers are generated_digits, idx}}
  minimize loss
  minimize loss  // expected-error {{duplicate-name: this is set twice}}
  optimizer relu  // expected-error {{type-mismatch: 'optimizer' takes a thing declared with 'optimizer', not a function}}
}

model Weightless {
  input image: f32[B, 4]
  loss = mean(image)
}

train Weightless {
  data image = idx("images")
  minimize loss  // expected-error {{no-weights: there is no weight to find here}}
  optimizer sgd
}
