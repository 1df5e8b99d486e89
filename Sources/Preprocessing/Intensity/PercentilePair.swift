import MedicalImaging

/// The percentiles of some values that become black and white: 0 <= low < high <= 100.
public struct PercentilePair: Codable, Hashable, Sendable {
  public let low: Double
  public let high: Double

  /// - Throws: `ImageError` with code `recipe` unless 0 <= low < high <= 100.
  public init(low: Double, high: Double) throws(ImageError) {
    guard low >= 0, low < high, high <= 100 else {
      throw ImageError(
        .recipe, "Percentiles go upwards within 0 to 100, not from \(low) to \(high).")
    }
    self.low = low
    self.high = high
  }

  private init(known low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }

  /// Half a percent cut off at each end.
  public static let common = PercentilePair(known: 0.5, 99.5)
  /// The least and the greatest value.
  static let extremes = PercentilePair(known: 0, 100)
}

extension PercentilePair {
  private enum CodingKeys: CodingKey { case low, high }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      low: container.decode(Double.self, forKey: .low),
      high: container.decode(Double.self, forKey: .high))
  }
}
