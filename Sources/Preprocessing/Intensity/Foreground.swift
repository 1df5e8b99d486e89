/// Which values of a volume its statistics are taken of; padding is never among them.
public enum Foreground: String, Codable, CaseIterable, Sendable {
  /// What lies strictly above Otsu's threshold of the volume's histogram.
  case otsu
  case all
  /// What labels cover. Only these values must be counted; where nothing is labelled, Otsu's threshold is to
  /// stand in.
  case labels
}

/// Values that statistics are to be taken of, and those that stand in for them.
struct MeasuredValues {
  /// What was asked for, then what is taken where that tells nothing apart; at least one.
  let candidates: [(values: ValueDistribution, basis: IntensityRange.Basis)]

  /// All values that are not padding.
  var all: ValueDistribution { candidates[candidates.count - 1].values }
}

extension ValueHistogram {
  func values(of foreground: Foreground) -> MeasuredValues {
    let all = distribution
    guard foreground == .otsu, let threshold = otsuThreshold else {
      return MeasuredValues(candidates: [(all, .all)])
    }
    return MeasuredValues(
      candidates: [(all.above(threshold), .foreground), (all, .allForFlatForeground)])
  }
}
