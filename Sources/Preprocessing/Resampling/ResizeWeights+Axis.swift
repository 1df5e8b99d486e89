import CResample

extension ResizeWeights {
  /// Lends the weights that `make` gives, equally many for each new sample, as the kernel takes them.
  func withAxis<Weight: BitwiseCopyable, Result>(
    _ make: (ResizeWeights) -> [Weight], _ body: (cresample_axis) -> Result
  ) -> Result {
    var axis = unsafe cresample_axis()
    unsafe axis.from = from
    unsafe axis.to = to
    guard !isUnchanged else { return unsafe body(axis) }
    unsafe axis.most = most
    let weights = make(self)
    unsafe axis.stride = weights.count / to
    return unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe weights.withUnsafeBytes { weights in
          unsafe axis.starts = starts.baseAddress
          unsafe axis.counts = counts.baseAddress
          unsafe axis.weights = weights.baseAddress
          return unsafe body(axis)
        }
      }
    }
  }
}
