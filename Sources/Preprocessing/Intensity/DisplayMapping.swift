import Glibc
import MedicalImaging

/// Modality values -> display values -> 8 bit: one for all slices of a volume, recorded with every
/// picture.
///
/// A display value t goes from 0 (black) to 1 (white); 8 bit is floor(255 t + 0.5), 16 bit
/// floor(65535 t + 0.5), in Float64.
public struct DisplayMapping: Hashable, Sendable {
  public enum Kind: Codable, Hashable, Sendable {
    /// VOI window (PS3.3 C.11.2.1.2, C.11.2.1.3).
    case window(Window)
    /// Straight from `low` (black) to `high` (white), both modality values.
    case range(low: Double, high: Double)
    /// The same three times: of red, green and blue.
    case ranges([ValueRange])
    /// Straight from point to point, black before the first and white behind the last unless these say
    /// otherwise; modality values may repeat, display values rise.
    case points([Point])
    /// VOI LUT, from its own output range 0...2^bits - 1 (PS3.3 C.11.2.1.1). Inputs are whole
    /// numbers: a fraction is cut off downwards, as pydicom does.
    case lut(LookupTable)
    /// The value itself, for pictures that are 8 bit already.
    case none
  }

  public let kind: Kind
  /// Black and white change places after the above: MONOCHROME1, or Presentation LUT Shape INVERSE
  /// (PS3.3 C.7.6.3.1.2, C.11.6).
  public let inverted: Bool

  /// From black to white, both modality values.
  public struct ValueRange: Codable, Hashable, Sendable {
    public var low, high: Double

    public init(low: Double, high: Double) {
      self.low = low
      self.high = high
    }
  }

  /// A modality value and what it is shown as, 0...1.
  public struct Point: Codable, Hashable, Sendable {
    public var value, display: Double

    public init(value: Double, display: Double) {
      self.value = value
      self.display = display
    }
  }

  /// - Throws: `ImageError` with code `invalidWindow` for a width below 1 with LINEAR, or not above
  ///   0 with the other functions, for a range or points that run downwards, for numbers that are not
  ///   finite, and for a table whose entries have not 1...16 bits.
  public init(_ kind: Kind, inverted: Bool = false) throws {
    switch kind {
    case .window(let window): try window.validate()
    case .range(let low, let high): try ValueRange(low: low, high: high).validate()
    case .ranges(let ranges):
      guard ranges.count == 3 else {
        throw ImageError(
          .invalidWindow, "There is not one range of values for each of three colours.")
      }
      for range in ranges { try range.validate() }
    case .points(let points): try Self.validate(points)
    case .lut(let table):
      guard (1...16).contains(table.bits) else {
        throw ImageError(.invalidWindow, "The VOI LUT's entries have not 1 to 16 bits.")
      }
    case .none: break
    }
    self.kind = kind
    self.inverted = inverted
  }

  /// Samples of a pixel: 1, or 3 for red, green and blue.
  public var channels: Int { if case .ranges(let ranges) = kind { ranges.count } else { 1 } }

  /// The 8-bit grey of a modality value; of NaN, black's before inversion.
  public func grey(_ value: Double) -> UInt8 { grey(value, channel: 0) }

  /// The same of one of several channels.
  public func grey(_ value: Double, channel: Int) -> UInt8 {
    // Not negative: what a conversion cuts off is rounded down.
    UInt8(255 * shown(value, channel) + 0.5)
  }

  /// The 16-bit grey of a modality value.
  public func grey16(_ value: Double) -> UInt16 {
    UInt16(65535 * shown(value, 0) + 0.5)
  }

  private func shown(_ value: Double, _ channel: Int) -> Double {
    let t = display(value, channel)
    return inverted ? 1 - t : t
  }

  /// 0...1, before inversion.
  private func display(_ value: Double, _ channel: Int) -> Double {
    switch kind {
    case .window(let window): window.display(value)
    case .range(let low, let high): ValueRange(low: low, high: high).display(value)
    case .ranges(let ranges): ranges[channel].display(value)
    case .points(let points): Self.display(value, points)
    case .lut(let table): table.display(value)
    case .none: value > 0 ? (value < 255 ? value / 255 : 1) : 0
    }
  }
}

extension DisplayMapping.ValueRange {
  fileprivate func validate() throws {
    guard low.isFinite, high.isFinite, low <= high, (high - low).isFinite else {
      throw ImageError(.invalidWindow, "The range of values to show runs downwards.")
    }
  }

  /// A range of one value, that of a constant picture, shows it black.
  fileprivate func display(_ value: Double) -> Double {
    value > low ? (value < high ? (value - low) / (high - low) : 1) : 0
  }
}

extension DisplayMapping: Codable {
  private enum CodingKeys: CodingKey { case kind, inverted }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(Kind.self, forKey: .kind),
      inverted: container.decode(Bool.self, forKey: .inverted))
  }
}

extension Window {
  /// - Throws: `ImageError` with code `invalidWindow`: see `DisplayMapping.init`.
  func validate() throws {
    // Its ends are written down, so they must be numbers too.
    guard center.isFinite, width.isFinite, (abs(center) + abs(width) / 2).isFinite else {
      throw ImageError(
        .invalidWindow, "The window's center or width is not a number, or far too large.")
    }
    switch function {
    case .linear where width < 1:
      throw ImageError(.invalidWindow, "The window's width is below 1, which LINEAR forbids.")
    case .linearExact where width <= 0, .sigmoid where width <= 0:
      throw ImageError(.invalidWindow, "The window's width is not above 0.")
    default: break
    }
  }

  fileprivate func display(_ x: Double) -> Double {
    switch function {
    case .linear:
      // PS3.3 C.11.2.1.2.1; width 1 is a step, and never reaches the division.
      let (c, w) = (center - 0.5, width - 1)
      return x > c - w / 2 ? (x <= c + w / 2 ? clamp((x - c) / w + 0.5) : 1) : 0
    case .linearExact:
      // PS3.3 C.11.2.1.3.2.
      let (c, w) = (center, width)
      return x > c - w / 2 ? (x <= c + w / 2 ? clamp((x - c) / w + 0.5) : 1) : 0
    case .sigmoid:
      // PS3.3 C.11.2.1.3.1.
      return clamp(1 / (1 + exp(-4 * (x - center) / width)))
    }
  }
}

extension LookupTable {
  fileprivate func display(_ value: Double) -> Double {
    let offset = value - Double(firstMapped)
    let last = entries.count - 1
    let index = offset > 0 ? (offset < Double(last) ? Int(offset) : last) : 0
    return clamp(Double(entries[index]) / Double(1 << bits - 1))
  }
}

/// 0...1; NaN becomes 0. Rounding may carry a fraction just past the end of its window, and a
/// table may hold entries wider than its descriptor says.
private func clamp(_ t: Double) -> Double { t > 0 ? (t < 1 ? t : 1) : 0 }
