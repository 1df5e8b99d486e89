extension ValueDistribution {
  /// The mean of all values, added up from the least to the greatest; nil without values.
  public var mean: Double? {
    guard count > 0 else { return nil }
    return zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count)
  }

  /// The standard deviation of all values, not of a sample of more (numpy's `std`, which nnU-Net and MONAI
  /// divide by; TorchIO's is larger by the square root of n / (n - 1)); nil without values.
  public var deviation: Double? {
    guard let mean else { return nil }
    let squares = zip(values, counts).reduce(0) {
      $0 + ($1.0 - mean) * ($1.0 - mean) * Double($1.1)
    }
    return (squares / Double(count)).squareRoot()
  }
}
