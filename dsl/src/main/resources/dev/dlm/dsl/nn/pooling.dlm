/// The largest element of each window of the axes behind batch and channels.
function max_pool(x: tensor, size, stride = size, padding = "valid") {
  return window_max(x, size, stride, padding)
}

/// The mean of each window of the axes behind batch and channels; elements in the padding count as
/// 0.
function mean_pool(x: F[N, C, ..Spatial], size, stride = size, padding = "valid") {
  sizes = repeated(size, length(Spatial))
  return window_sum(x, size, stride, padding) / product(sizes)
}

/// The mean of each channel over all axes behind it: Lin, Chen, Yan, arXiv:1312.4400
function global_mean_pool(x: F[N, C, ..Spatial]) -> F[N, C] {
  return mean(reshape(x, [N, C, product(Spatial)]), -1)
}

/// The largest element of each channel over all axes behind it.
function global_max_pool(x: F[N, C, ..Spatial]) -> F[N, C] {
  return max(reshape(x, [N, C, product(Spatial)]), -1)
}
