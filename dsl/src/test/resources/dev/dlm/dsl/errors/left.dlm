function shared(x: f32[..S]) = x
