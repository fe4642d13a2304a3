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
  data image = table("images")  // expected-error {{unknown-name: there is no data reader 'table'}} expected-help {{readers are cifar, csv, generated_digits, idx, labelled_text, sentence_pairs, series, text}}
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

model FirstReader {
  input tokens: i32[B, 8]
  weight w: f32[] = 0.5
  loss = w * w
}

train FirstReader {
  data tokens = text("a.txt", lenght = 8)  // expected-error {{unknown-argument: text has no argument 'lenght'}} expected-help {{did you mean 'length'?}}
  validate tokens = text("a.txt")  // expected-error {{argument-count: 'length' is not given: text takes a number from 1}} expected-help {{text(file, length, hold_back = 0)}}
  minimize loss
  optimizer sgd
}

model SecondReader {
  input tokens: i32[B, 8]
  weight w: f32[] = 0.5
  loss = w * w
}

train SecondReader {
  data tokens = text("a.txt", 8)  // expected-error {{argument-count: text takes one file by position, the rest by name}}
  validate tokens = text("a.txt", length = 8, hold_back = 1.5)  // expected-error {{type-mismatch: 'hold_back' takes a number of examples, or a fraction below 1}}
  minimize loss
  optimizer sgd
}

model TableReader {
  input tokens: i32[B, 8]
  weight w: f32[] = 0.5
  loss = w * w
}

train TableReader {
  data tokens = csv("a.csv", columns = ["x"], missing = "leave")  // expected-error {{type-mismatch: 'missing' takes "error", "mean", "skip"}}
  validate tokens = series("a.csv", columns = [0], past = 8)  // expected-error {{argument-count: series feeds 2 inputs, not 1}}
  minimize loss
  optimizer sgd
}

model MixedReader {
  input tokens: i32[B, 8]
  weight w: f32[] = 0.5
  loss = w * w
}

train MixedReader {
  data tokens = text("a.txt", length = 8, hold_back = 0.1)  // expected-error {{incomplete-training: some of these sources hold examples back and some do not: without a 'validate' line all must}}
    or text("b.txt", length = 8)
  minimize loss
  optimizer sgd
}

model TwiceReader {
  input tokens: i32[B, 8]
  weight w: f32[] = 0.5
  loss = w * w
}

train TwiceReader {
  data tokens = text("a.txt", length = 8, length = 9)  // expected-error {{duplicate-argument: 'length' is given twice}}
  validate tokens = csv("a.csv", columns = [["x", 0], [1.5]])  // expected-error {{type-mismatch: 'columns' takes a list with a column, or a list of columns, for each input}}
  minimize loss
  optimizer sgd
}
