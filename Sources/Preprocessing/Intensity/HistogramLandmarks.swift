import MedicalImaging

/// Landmarks of a standard histogram: percentiles of a volume, and where each lies on a scale from 0
/// (black) to 100 (white), as training finds them (Nyul, Udupa and Zhang, IEEE Trans. Med. Imaging 19
/// (2000), 143).
public struct HistogramLandmarks: Codable, Hashable, Sendable {
  public struct Landmark: Codable, Hashable, Sendable {
    /// 0...100.
    public var percentile: Double
    /// Its place on the standard scale, 0...100.
    public var standard: Double

    public init(percentile: Double, standard: Double) {
      self.percentile = percentile
      self.standard = standard
    }
  }

  /// At least two; percentiles and places rise.
  public let landmarks: [Landmark]

  /// - Throws: `ImageError` with code `recipe` for fewer than two, for numbers outside of 0...100, and
  ///   where percentiles or places do not rise.
  public init(_ landmarks: [Landmark]) throws(ImageError) {
    let isRising = zip(landmarks, landmarks.dropFirst()).allSatisfy {
      $0.percentile < $1.percentile && $0.standard < $1.standard
    }
    let areInside = landmarks.allSatisfy {
      (0...100).contains($0.percentile) && (0...100).contains($0.standard)
    }
    guard landmarks.count > 1, isRising, areInside else {
      throw ImageError(
        .recipe, "Landmarks are at least two pairs of numbers from 0 to 100 that rise.")
    }
    self.landmarks = landmarks
  }

  /// Percentiles that training looks at: those that TorchIO's HistogramStandardization maps by.
  public static let percentiles: [Double] = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99]
}

extension HistogramLandmarks {
  private enum CodingKeys: CodingKey { case landmarks }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(container.decode([Landmark].self, forKey: .landmarks))
  }
}

extension HistogramLandmarks {
  /// How some values are shown by these landmarks: straight between their percentiles, and beyond the
  /// outermost on in the same direction until black or white is reached. Nil where the outermost
  /// percentiles are one value.
  ///
  /// Of percentiles that are one value each keeps its place: there the scale jumps.
  func points(of values: ValueDistribution) -> [DisplayMapping.Point]? {
    let found = landmarks.compactMap { landmark in
      values.percentile(landmark.percentile).map {
        DisplayMapping.Point(value: $0, display: landmark.standard / 100)
      }
    }
    guard let first = found.first, let last = found.last, first.value < last.value else {
      return nil
    }
    var points = found
    if let black = Self.reached(0, from: found[1], beyond: first) { points.insert(black, at: 0) }
    if let white = Self.reached(1, from: found[found.count - 2], beyond: last) {
      points.append(white)
    }
    return points
  }

  /// Where the line from one point through another reaches a display value; nil where it goes straight up,
  /// or does not get there within the numbers that there are.
  private static func reached(
    _ display: Double, from: DisplayMapping.Point, beyond end: DisplayMapping.Point
  ) -> DisplayMapping.Point? {
    guard end.display != display, from.value != end.value else { return nil }
    let value =
      end.value
      + (display - end.display) / (end.display - from.display) * (end.value - from.value)
    return value.isFinite && value != end.value ? .init(value: value, display: display) : nil
  }
}

extension MeasuredValues {
  /// Where the percentiles of training lie in this volume, once its outermost are 0 and 100; nil where
  /// these are one value.
  var standardLandmarks: [Double]? {
    let values = candidates[0].values
    let found = HistogramLandmarks.percentiles.compactMap { values.percentile($0) }
    guard let least = found.first, let greatest = found.last, least < greatest,
      (greatest - least).isFinite
    else { return nil }
    return found.map { 100 * (($0 - least) / (greatest - least)) }
  }
}
