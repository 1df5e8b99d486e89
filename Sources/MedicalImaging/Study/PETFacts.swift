/// What a header of PET says that standardized uptake values need: numbers and coded words alone, no
/// dates. Nil where it is absent, or no number.
public struct PETFacts: Codable, Hashable, Sendable {
  /// Decay Correction (PS3.3 C.8.9.1.1.5).
  public enum DecayCorrection: String, Codable, Sendable {
    /// To the start of the scan; of enhanced images, to the time that they name.
    case start = "START"
    /// To the time of injection.
    case administration = "ADMIN"
    case none = "NONE"
    /// Not said, or by another word.
    case unknown = ""
  }

  public enum Sex: String, Codable, Sendable {
    case female = "F"
    case male = "M"
    case unknown = ""
  }

  /// SUV Type (PS3.3 C.8.9.1.1.3), where the values are SUV already.
  public enum UptakeType: String, Codable, Sendable {
    case bodyWeight = "BW"
    case leanMassJanmahasatian = "LBMJANMA"
    case leanMassJames = "LBMJAMES128"
    case bodySurface = "BSA"
    case other = ""
  }

  /// Whether Corrected Image (0028,0051) holds ATTN; of enhanced images Attenuation Corrected.
  public var isAttenuationCorrected = false
  /// Whether Corrected Image holds DECY; of enhanced images Decay Corrected.
  public var isDecayCorrected = false
  public var decayCorrection = DecayCorrection.unknown
  /// Body weight where a header of SUV says no type.
  public var uptakeType = UptakeType.bodyWeight
  /// Radionuclide Total Dose in becquerels; nil where several radiopharmaceuticals were given.
  public var dose: Double?
  /// Seconds.
  public var halfLife: Double?
  /// Seconds from the injection to the time that values are corrected to.
  public var decaySeconds: Double?
  /// Kilograms.
  public var weight: Double?
  /// Metres.
  public var height: Double?
  public var sex = Sex.unknown
  /// Counts -> SUV by body weight: Philips' SUV Scale Factor (7053,xx00).
  public var uptakeFactor: Double?
  /// Counts -> Bq/ml: Philips' Activity Concentration Scale Factor (7053,xx09).
  public var activityFactor: Double?

  /// After so many, what is left of a dose is no picture: a longer time is a mistake in a date.
  public static let mostHalfLives = 10.0

  public init() {}
}
