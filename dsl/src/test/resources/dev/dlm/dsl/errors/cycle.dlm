import "cycle-b.dlm" as b

model Cycle {
  input x: f32[B]
  output out = x
}
