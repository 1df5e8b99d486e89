import Glibc
import MedicalImaging

/// What turns the modality values of a PET image into standardized uptake values.
public struct UptakeScale: Codable, Hashable, Sendable {
  public var factor: Double
  public var units: ModalityUnits

  /// By the vendor-neutral pseudo-code of QIBA (RSNA, 2018-06-26), which knows Decay Correction START;
  /// of ADMIN the dose is that of the injection.
  ///
  /// Throws where anything that it needs is missing, or is not possible.
  public init(
    _ measure: UptakeMeasure, of description: InstanceHeader.Description, _ facts: PETFacts?
  ) throws(UptakeRefusal) {
    guard let facts else { throw .units }
    units = measure.units
    guard facts.isAttenuationCorrected, facts.isDecayCorrected,
      facts.decayCorrection == .start || facts.decayCorrection == .administration
    else { throw .corrections }
    switch description.units {
    case .becquerelPerMillilitre: factor = try Self.perActivity(measure, facts)
    case .counts:
      if measure == .bodyWeight, let scale = facts.uptakeFactor {
        factor = scale
      } else if let scale = facts.activityFactor {
        factor = try scale * Self.perActivity(measure, facts)
      } else {
        throw .counts
      }
    case .gramPerMillilitre where measure != .bodySurface && measure.type == facts.uptakeType,
      .squareCentimetrePerMillilitre where measure == .bodySurface, measure.units:
      factor = 1
    default: throw .units
    }
    guard factor.isFinite, factor > 0 else { throw .dose }
  }

  /// Bq/ml -> SUV.
  private static func perActivity(_ measure: UptakeMeasure, _ facts: PETFacts)
    throws(UptakeRefusal) -> Double
  {
    let body = try measure.body(facts)
    // Of a man; a dose in megabecquerels is below, one in millicuries too.
    guard let dose = facts.dose, (1e6...1e10).contains(dose) else { throw .dose }
    if facts.decayCorrection == .administration { return body / dose }
    // Rubidium-82 has 76 seconds, zirconium-89 280,000.
    guard let halfLife = facts.halfLife, (30...1e6).contains(halfLife) else { throw .halfLife }
    guard let seconds = facts.decaySeconds, seconds >= 0,
      seconds <= PETFacts.mostHalfLives * halfLife
    else { throw .time }
    return body / (dose * pow(2, -seconds / halfLife))
  }
}

extension UptakeScale {
  /// The header with uptake values for modality values.
  public func applied(to header: InstanceHeader) -> InstanceHeader {
    header.scaled(by: factor, to: units)
  }

  /// The scales of all images of a series, in their order: of one, of all.
  ///
  /// Throws where one of them has none, or where they contradict each other.
  public static func scales(_ measure: UptakeMeasure, of headers: [InstanceHeader])
    throws(UptakeRefusal) -> [UptakeScale]
  {
    var scales: [UptakeScale] = []
    for header in headers {
      let frames = header.perFrame + [header.shared]
      guard header.format.samplesPerPixel == 1, header.palette == nil,
        frames.allSatisfy({ $0.modality.scaled(by: 1) != nil })
      else { throw .units }
      scales.append(try UptakeScale(measure, of: header.description, header.pet))
    }
    guard let first = headers.first else { return [] }
    for header in headers where !agree(header, first) { throw .contradiction }
    return scales
  }

  /// Two seconds are what times that are written in whole ones may differ by.
  private static func agree(_ a: InstanceHeader, _ b: InstanceHeader) -> Bool {
    guard let a = a.pet, let b = b.pet else { return false }
    return a.dose == b.dose && a.halfLife == b.halfLife && a.weight == b.weight
      && a.height == b.height && a.sex == b.sex && a.decayCorrection == b.decayCorrection
      && abs((a.decaySeconds ?? 0) - (b.decaySeconds ?? 0)) <= 2
  }
}

/// Why there is no standardized uptake value.
public struct UptakeRefusal: Error, Hashable, Sendable {
  public let finding: InstanceHeader.Finding

  private init(_ finding: InstanceHeader.Finding) { self.finding = finding }

  static let units = UptakeRefusal(
    .init("suv_units", "The values have a unit that does not lead to these SUV."))
  static let counts = UptakeRefusal(
    .init("suv_counts", "The values are counts, without the scanner's factor for SUV."))
  static let corrections = UptakeRefusal(
    .init("suv_corrections", "The values are not said to be corrected as SUV need it."))
  static let dose = UptakeRefusal(
    .init("suv_dose", "The injected dose is missing, not the only one, or impossible in its unit."))
  static let halfLife = UptakeRefusal(
    .init("suv_half_life", "The half life of the radionuclide is missing or impossible."))
  static let time = UptakeRefusal(
    .init("suv_time", "The time from injection to scan is unknown, not certain, or impossible."))
  static let weight = UptakeRefusal(
    .init("suv_weight", "The patient's weight is missing or impossible."))
  static let height = UptakeRefusal(
    .init("suv_height", "The patient's height is missing or impossible."))
  static let sex = UptakeRefusal(.init("suv_sex", "The patient's sex is missing or neither."))
  static let contradiction = UptakeRefusal(
    .init("suv_contradiction", "Images of a series differ in what SUV need; none were made."))
}
