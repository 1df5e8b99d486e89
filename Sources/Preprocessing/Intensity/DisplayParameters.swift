import MedicalImaging

/// What a recipe says about intensities.
public struct DisplayParameters: Codable, Hashable, Sendable {
  /// How CT in Hounsfield units is shown.
  public enum CT: Hashable, Sendable {
    /// The preset for Body Part Examined: `body_part`.
    case bodyPart
    /// One preset for all, by its name.
    case preset(CTPreset)
    /// As other pictures: the header's VOI LUT or window, else percentiles: `header`.
    case header
    /// One window for all: `center/width`, DICOM's LINEAR.
    case window(Window)
  }

  public let ct: CT
  /// What becomes black and white where percentiles of the foreground are taken, as in MR.
  public let foreground: Percentiles
  /// What becomes black and white where percentiles of all values are taken.
  public let all: Percentiles

  public init(
    ct: CT = .bodyPart, foreground: Percentiles = .usual, all: Percentiles = .usual
  ) {
    self.ct = ct
    self.foreground = foreground
    self.all = all
  }

  /// Two percentiles (0...100), `low` < `high`.
  public struct Percentiles: Hashable, Sendable {
    public let low: Double
    public let high: Double

    public static let usual = Percentiles(unchecked: 0.5, 99.5)

    /// - Throws: `ImageError` with code `recipe` unless 0 <= low < high <= 100.
    public init(low: Double, high: Double) throws {
      guard low >= 0, low < high, high <= 100 else {
        throw ImageError(
          .recipe, "Percentiles go upwards within 0 to 100, not from \(low) to \(high).")
      }
      self.init(unchecked: low, high)
    }

    private init(unchecked low: Double, _ high: Double) {
      self.low = low
      self.high = high
    }
  }
}

extension DisplayParameters.Percentiles: Codable {
  private enum CodingKeys: CodingKey { case low, high }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      low: container.decode(Double.self, forKey: .low),
      high: container.decode(Double.self, forKey: .high))
  }
}

extension DisplayParameters.CT: Codable, LosslessStringConvertible {
  /// nil for anything but `body_part`, `header`, a preset's name or `center/width` with a width of
  /// at least 1.
  public init?(_ text: String) {
    switch text {
    case "body_part": self = .bodyPart
    case "header": self = .header
    default:
      if let preset = CTPreset(rawValue: text) {
        self = .preset(preset)
        return
      }
      let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map(Double.init)
      guard numbers.count == 2, let center = numbers[0], let width = numbers[1] else { return nil }
      let window = Window(center: center, width: width)
      guard (try? window.validate()) != nil else { return nil }
      self = .window(window)
    }
  }

  public var description: String {
    switch self {
    case .bodyPart: "body_part"
    case .preset(let preset): preset.rawValue
    case .header: "header"
    case .window(let window): "\(window.center)/\(window.width)"
    }
  }

  /// All words that may stand for it, for "did you mean".
  public static var words: [String] {
    ["body_part", "header"] + CTPreset.allCases.map(\.rawValue)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// - Throws: `ImageError` with code `recipe` where the text is none of the forms above.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let ct = Self(text) else {
      throw ImageError(
        .recipe, "\"\(text)\" is no way to show CT.",
        remedy: "Say \(Self.words.joined(separator: ", ")) or center/width, for example 40/400.")
    }
    self = ct
  }
}
