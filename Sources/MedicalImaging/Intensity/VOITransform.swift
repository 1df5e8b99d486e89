/// Modality values -> display values, as the header proposes it (PS3.3 C.11.2).
public enum VOITransform: Codable, Hashable, Sendable {
  case window(Window)
  case table(LookupTable)
}

/// A window: center, width and the function between them (PS3.3 C.11.2.1.2, C.11.2.1.3).
public struct Window: Codable, Hashable, Sendable {
  /// VOI LUT Function.
  public enum Function: String, Codable, Sendable {
    case linear = "LINEAR"
    case linearExact = "LINEAR_EXACT"
    case sigmoid = "SIGMOID"
  }

  public var center: Double
  public var width: Double
  public var function: Function

  public init(center: Double, width: Double, function: Function = .linear) {
    self.center = center
    self.width = width
    self.function = function
  }
}

/// Stored values that stand for "no picture here": Pixel Padding Value .. Pixel Padding Range
/// Limit, both ends included (PS3.3 C.7.5.1.1.2).
public struct PixelPadding: Codable, Hashable, Sendable {
  public var values: ClosedRange<Double>

  public init(value: Double, limit: Double? = nil) {
    let limit = limit ?? value
    values = min(value, limit)...max(value, limit)
  }
}
