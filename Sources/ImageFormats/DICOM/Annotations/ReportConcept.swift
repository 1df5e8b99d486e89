import MedicalImaging

/// A concept that reports are read by, in the codes that it has or had (PS3.16): SNOMED's former codes
/// are of scheme SRT.
enum ReportConcept {
  case measurementGroup, trackingIdentifier, trackingUID, activitySession, timePoint
  case findingCategory, finding, findingSite, laterality, topographicalModifier
  case method, derivation
  case referencedSegment, sourceSeries
  case documentTitleModifier, keyObjectDescription

  /// Code values, each with its scheme.
  private var codes: [(value: String, scheme: String)] {
    switch self {
    case .measurementGroup: [("125007", "DCM")]
    case .trackingIdentifier: [("112039", "DCM")]
    case .trackingUID: [("112040", "DCM")]
    case .activitySession: [("C67447", "NCIt")]
    case .timePoint: [("C2348792", "UMLS")]
    case .findingCategory: [("276214006", "SCT")]
    case .finding: [("121071", "DCM")]
    case .findingSite: [("363698007", "SCT"), ("G-C0E3", "SRT")]
    case .laterality: [("272741003", "SCT"), ("G-C171", "SRT")]
    case .topographicalModifier: [("106233006", "SCT"), ("G-A1F8", "SRT")]
    case .method: [("370129005", "SCT"), ("G-C036", "SRT")]
    case .derivation: [("121401", "DCM")]
    case .referencedSegment: [("121191", "DCM"), ("121214", "DCM")]
    case .sourceSeries: [("121232", "DCM")]
    case .documentTitleModifier: [("113011", "DCM")]
    case .keyObjectDescription: [("113012", "DCM")]
    }
  }

  func matches(_ concept: CodedConcept?) -> Bool {
    guard let concept else { return false }
    return codes.contains { $0.value == concept.value && $0.scheme == concept.scheme }
  }

  /// What a measurement group tells its lesion by, in words.
  static let allowedContext: [ReportConcept] = [.trackingIdentifier, .activitySession, .timePoint]
}

extension [ReportConcept] {
  func contains(_ concept: CodedConcept?) -> Bool { contains { $0.matches(concept) } }
}
