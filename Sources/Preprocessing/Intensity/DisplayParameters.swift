import MedicalImaging

/// What a recipe says about intensities.
public struct DisplayParameters: Codable, Hashable, Sendable {
  /// How CT in Hounsfield units is shown.
  public enum CT: Hashable, Sendable {
    /// The preset for Body Part Examined: `body_part`.
    case bodyPart
    /// One preset for all, by its name.
    case preset(CTPreset)
    /// Three ranges as red, green and blue: `three_window`.
    case threeWindow
    /// As other pictures: the header's VOI LUT or window, else percentiles: `header`.
    case header
    /// One window for all: `center/width`, DICOM's LINEAR.
    case window(Window)
  }

  /// How PET is shown.
  public enum PET: String, Codable, CaseIterable, Sendable {
    case bodyWeight = "suv_bw"
    case leanMass = "suv_lbm"
    case leanMassJames = "suv_lbm_james"
    case bodySurface = "suv_bsa"
    /// In its own unit, as other pictures: the header's VOI LUT or window, else percentiles.
    case header

    public var measure: UptakeMeasure? { UptakeMeasure(rawValue: rawValue) }
  }

  /// How MR is shown.
  public enum MR: String, Codable, CaseIterable, Sendable {
    case percentiles
    /// By the mean and the standard deviation.
    case zScore = "z_score"
    /// By the landmarks of a standard histogram.
    case landmarks
  }

  /// By what greys are chosen.
  public enum Mode: String, Codable, CaseIterable, Sendable {
    /// The rows of `ModalityProfile.all`.
    case profile
    /// Every grey plane from its least to its greatest value, padding included, as the data set
    /// SA-Med2D-20M has them (Ye et al., arXiv 2311.11969, formula 1): for comparison only.
    case saMed2D = "sa-med2d"
  }

  /// With `saMed2D` nothing else counts.
  public var mode: Mode
  public var ct: CT
  public var mr: MR
  /// What statistics of MR are taken of.
  public var mrForeground: Foreground
  /// Standard deviations from the mean that become black and white.
  public var zRange: ClosedRange<Double>
  /// Nil where `mr` is not by landmarks.
  public var landmarks: HistogramLandmarks?
  public var pet: PET
  /// The uptake values that become black and white.
  public var petRange: ClosedRange<Double>
  /// Of the foreground, where a modality is shown by percentiles of that.
  public var foregroundPercentiles: PercentilePair
  /// Of all values, for other pictures whose header proposes nothing.
  public var percentiles: PercentilePair
  /// Of grey pictures; with 16 bits no value is cut off, whatever else is said here.
  public var depth: PictureDepth

  public init(
    mode: Mode = .profile, ct: CT = .bodyPart, mr: MR = .percentiles,
    mrForeground: Foreground = .otsu,
    zRange: ClosedRange<Double> = -3...3, landmarks: HistogramLandmarks? = nil,
    pet: PET = .bodyWeight, petRange: ClosedRange<Double> = 0...10,
    foregroundPercentiles: PercentilePair = .common, percentiles: PercentilePair = .common,
    depth: PictureDepth = .eight
  ) {
    self.mode = mode
    self.ct = ct
    self.mr = mr
    self.mrForeground = mrForeground
    self.zRange = zRange
    self.landmarks = landmarks
    self.pet = pet
    self.petRange = petRange
    self.foregroundPercentiles = foregroundPercentiles
    self.percentiles = percentiles
    self.depth = depth
  }
}

extension DisplayParameters.CT: Codable, LosslessStringConvertible {
  /// nil for anything but `body_part`, `header`, `three_window`, a preset's name or `center/width` with a width of
  /// at least 1.
  public init?(_ text: String) {
    switch text {
    case "body_part": self = .bodyPart
    case "header": self = .header
    case "three_window": self = .threeWindow
    default:
      if let preset = CTPreset(rawValue: text) {
        self = .preset(preset)
        return
      }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      // Double(_:) also reads "nan", "0x1" and others that are no window.
      guard parts.count == 2, text.utf8.allSatisfy({ "+-.0123456789/".utf8.contains($0) }),
        let center = Double(parts[0]), let width = Double(parts[1])
      else { return nil }
      let window = Window(center: center, width: width)
      guard (try? window.validate()) != nil else { return nil }
      self = .window(window)
    }
  }

  /// One word for each: `40/400`, never `40.0/400`.
  public var description: String {
    switch self {
    case .bodyPart: "body_part"
    case .preset(let preset): preset.rawValue
    case .header: "header"
    case .threeWindow: "three_window"
    case .window(let window): "\(Self.short(window.center))/\(Self.short(window.width))"
    }
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.description
  }

  /// All words that may stand for it, for "did you mean".
  public static var words: [String] {
    ["body_part", "header", "three_window"] + CTPreset.allCases.map(\.rawValue)
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
