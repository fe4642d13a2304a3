/// From 0 to `peak` in a straight line over the first `warmup` steps, then constant.
schedule warmup(peak: float, steps: int) {
  apply(step: f32[], total: f32[]) -> f32[] {
    return peak * minimum((step + 1.0) / float(steps), 1.0)
  }
}

/// From 0 to `peak` in a straight line over the first `warmup` steps, then down to `floor` along
/// half a cosine until the last step: Loshchilov, Hutter, arXiv:1608.03983
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

/// From 0 to `peak` in a straight line over the first `warmup` steps, then down as 1 / √step:
/// Vaswani et al., arXiv:1706.03762, section 5.3
schedule inverse_sqrt(peak: float, warmup: int) {
  apply(step: f32[], total: f32[]) -> f32[] {
    at = (step + 1.0) / float(warmup)
    return peak * minimum(at, rsqrt(at))
  }
}

/// From `peak / start` up to `peak` over the first `rise` of all steps and down to `peak / end`
/// over the others, along half cosines: Smith, Topin, arXiv:1708.07120
schedule one_cycle(peak: float, rise: float = 0.3, start: float = 25.0, end: float = 250000.0) {
  apply(step: f32[], total: f32[]) -> f32[] {
    last = maximum(total - 1.0, 1.0)
    top = rise * last
    up = 0.5 - 0.5 * cos(minimum(step / maximum(top, 1.0), 1.0) * 3.141592653589793)
    fall = minimum(maximum((step - top) / maximum(last - top, 1.0), 0.0), 1.0)
    down = 0.5 + 0.5 * cos(fall * 3.141592653589793)
    rising = peak / start + (peak - peak / start) * up
    return select(step < top, rising, peak / end + (peak - peak / end) * down)
  }
}

/// `start`, multiplied by `factor` with each `every` steps, smoothly.
schedule exponential(start: float, factor: float, every: int) {
  apply(step: f32[], total: f32[]) -> f32[] = start * exp(step * (log(factor) / every))
}

/// From `peak` down to `floor` as (1 − step / total) to `power`.
schedule polynomial(peak: float, power: float = 2.0, floor: float = 0.0) {
  apply(step: f32[], total: f32[]) -> f32[] {
    left = 1.0 - minimum(step / maximum(total, 1.0), 1.0)
    return floor + (peak - floor) * exp(power * log(maximum(left, 1e-30)))
  }
}
