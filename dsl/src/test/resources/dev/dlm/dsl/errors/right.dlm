function shared(x: f32[..S]) = x * 2.0
