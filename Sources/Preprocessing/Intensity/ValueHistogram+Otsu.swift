extension ValueHistogram {
  /// Otsu's threshold (IEEE Trans. SMC 9(1), 1979) as a modality value: the last value of the lower
  /// class, so that the foreground is what lies strictly above it; nil with fewer than two distinct
  /// values.
  ///
  /// The classes are those of the whole histogram of stored values, one bin a value, where one
  /// rising line maps them; where slices have different transforms, of their modality values.
  public var otsuThreshold: Double? {
    let parts = parts
    if parts.count == 1, let (transform, entries) = parts.first,
      case .linear(let slope, _) = transform, slope > 0
    {
      return otsuIndex(values: entries.map { $0.value }, counts: entries.map(\.count))
        .map { transform(entries[$0].value) }
    }
    let distribution = distribution
    return otsuIndex(
      values: distribution.values, counts: distribution.counts.map(UInt64.init)
    ).map { distribution.values[$0] }
  }
}

/// The index of the last value of the lower class; nil with fewer than two values.
///
/// In the steps and precisions of scikit-image 0.26's `threshold_otsu`, whose class weights are
/// single precision: over many thousands of values the maximum is so flat that other rounding finds
/// a neighbour of the value that everybody else finds. Empty bins change none of its sums, so they may be
/// absent; of equal maxima the first counts.
private func otsuIndex(values: [Double], counts: [UInt64]) -> Int? {
  guard values.count > 1 else { return nil }
  let weights = counts.map { Float($0) }
  let sums = zip(weights, values).map { Double($0) * $1 }

  // Weight and mean of the class above index i.
  var upper = [(weight: Float, mean: Double)](repeating: (0, 0), count: values.count)
  var weight: Float = 0
  var sum = 0.0
  for i in values.indices.dropFirst().reversed() {
    weight += weights[i]
    sum += sums[i]
    upper[i - 1] = (weight, sum / Double(weight))
  }

  var best = (index: 0, variance: -Double.infinity)
  weight = 0
  sum = 0
  for i in values.indices.dropLast() {
    weight += weights[i]
    sum += sums[i]
    let distance = sum / Double(weight) - upper[i].mean
    let variance = Double(weight * upper[i].weight) * (distance * distance)
    if variance > best.variance { best = (i, variance) }
  }
  return best.index
}
