// before everything
import nn  // the library
import "other.dlm" as other

width = 128  // a constant

/// What it is.
/// Second line.
model M(  /// how many
  classes: int = 10,
  dtype = f32
) {  // opening
  // first

  // second
  input x: f32[B, width * 2]  // trailing
  y = f(  // why
    x,  // the input
    // own line
    -1,
    kernel = (3 + 4) * 2,
    very_long_keyword_argument_name = 12345,
    another_long_one = 9876543
  )[0, 1:, ..]

  z = a + b * c ** -d @ e |> relu() |> nn.Dense(10) named block[i] |> softmax
  if a and not b {
    y = 1
  } else if c {
    y = 2
  } else {
  }
  repeat i in 0..n {
    y = y |> g
  }
  q = [g * 2 for g in gs]
  r = if c then 1 else 2
  // last
}

function f(x: f32[..B, In]) -> (f32[..B], i32) = x
// end
