train Gan {
  data image = idx("train-images-idx3-ubyte.gz")
  step {
    minimize discriminator_loss over discriminator
    optimizer adam(rate = 2e-4, beta1 = 0.5)
  }
  step {
    minimize generator_loss over generator
    optimizer adam(rate = 2e-4, beta1 = 0.5)
  }
}
