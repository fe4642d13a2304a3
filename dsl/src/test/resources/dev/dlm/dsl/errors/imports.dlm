import nnn  // expected-error {{unknown-module: there is no module 'nnn'}} expected-help {{did you mean 'nn'?}}
import "nowhere.dlm"  // expected-error {{file-read: cannot read 'nowhere.dlm': no such file or folder}}
import "left.dlm" as left
import "right.dlm" as right

model Imports {
  input x: f32[B]
  a = x |> relu  // expected-error {{unknown-name: 'relu' is not known here}}
  b = shared(x)  // expected-error {{ambiguous-name: 'shared' is declared by several imports}} expected-help {{write left.shared or right.shared}}
  output out = left.shared(x)
}
