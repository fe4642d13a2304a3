/// From 0 to `peak` in a straight line over the first `warmup` steps, then constant.
schedule warmup(peak: float, steps: int) {
  apply(step: f32[], total: f32[]) -> f32[] {
    return peak * minimum((step + 1.0) / float(steps), 1.0)
  }
}

/// From 0 to `peak` in a straight line over the first `warmup` steps, then down to `floor` along half
/// a cosine until the last step: Loshchilov, Hutter, arXiv:1608.03983
schedule cosine(peak: float, warmup: int = 0, floor: float = 0.0) {
  apply(step: f32[], total: f32[]) -> f32[] {
    span = maximum(total - float(warmup), 1.0)
    progress = minimum(maximum((step - float(warmup)) / span, 0.0), 1.0)
    falling = floor + (peak - floor) * 0.5 * (1.0 + cos(progress * 3.141592653589793))
    if warmup == 0 {
      return falling
    }
    rising = peak * (step + 1.0) / float(warmup)
    return select(step < float(warmup), rising, falling)
  }
}

/// From `peak` to `floor` in a straight line until the last step.
schedule linear(peak: float, floor: float = 0.0) {
  apply(step: f32[], total: f32[]) -> f32[] {
    return floor + (peak - floor) * (1.0 - minimum(step / maximum(total, 1.0), 1.0))
  }
}

/// `start`, multiplied by `factor` each `every` steps.
schedule stepwise(start: float, factor: float, every: int) {
  apply(step: f32[], total: f32[]) -> f32[] {
    return start * exp(floor((step + 0.5) / float(every)) * log(factor))
  }
}
