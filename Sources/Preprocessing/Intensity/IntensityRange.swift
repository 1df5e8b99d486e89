/// The modality values that become black and white, and what they were taken from.
public struct IntensityRange: Codable, Hashable, Sendable {
  /// What the ends are percentiles of; every step away from what was asked for has its name.
  public enum Basis: String, Codable, CaseIterable, Sendable {
    /// Values strictly above Otsu's threshold.
    case foreground
    /// All values that are not padding.
    case all
    /// All values, since both percentiles of the foreground are one value.
    case allForFlatForeground = "all_for_flat_foreground"
    /// Not percentiles but the least and the greatest value, since both percentiles are one value.
    case extremes
    /// Nothing to tell apart: every value is the same.
    case constant
    /// Nothing but padding.
    case empty
  }

  public var low: Double
  public var high: Double
  public var basis: Basis
}

extension ValueHistogram {
  /// Percentiles (0...100, `low` < `high`) of all values that are not padding.
  public func percentiles(low: Double, high: Double) -> IntensityRange {
    values(of: .all).percentiles(low: low, high: high)
  }

  /// Percentiles (0...100, `low` < `high`) of the foreground: what lies strictly above Otsu's
  /// threshold of the whole histogram.
  public func foregroundPercentiles(low: Double, high: Double) -> IntensityRange {
    values(of: .otsu).percentiles(low: low, high: high)
  }
}

extension MeasuredValues {
  func percentiles(low: Double, high: Double) -> IntensityRange {
    for (values, basis) in candidates {
      let range = values.range(low: low, high: high, basis: basis)
      if range.basis == basis { return range }
    }
    return all.range(low: low, high: high, basis: .extremes)
  }

  /// From so many standard deviations from the mean to so many.
  func deviations(_ range: ClosedRange<Double>) -> IntensityRange {
    for (values, basis) in candidates {
      guard let mean = values.mean, let deviation = values.deviation, deviation > 0 else {
        continue
      }
      let low = mean + range.lowerBound * deviation
      let high = mean + range.upperBound * deviation
      if low < high, (high - low).isFinite {
        return IntensityRange(low: low, high: high, basis: basis)
      }
    }
    return extremes
  }

  /// The least and the greatest value.
  var extremes: IntensityRange { all.range(low: 0, high: 100, basis: .extremes) }
}

extension ValueDistribution {
  fileprivate func range(
    low: Double, high: Double, basis: IntensityRange.Basis
  ) -> IntensityRange {
    guard let least = values.first, let greatest = values.last,
      let bottom = percentile(low), let top = percentile(high)
    else { return IntensityRange(low: 0, high: 0, basis: .empty) }
    if least == greatest { return IntensityRange(low: least, high: least, basis: .constant) }
    if bottom < top { return IntensityRange(low: bottom, high: top, basis: basis) }
    return IntensityRange(low: least, high: greatest, basis: .extremes)
  }
}
