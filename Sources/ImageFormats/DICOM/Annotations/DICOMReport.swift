import MedicalImaging

/// A structured report (PS3.3 A.35): a tree of content items.
///
/// Persons' names, dates and times are not kept. Texts are, and may hold personal data.
public struct DICOMReport: Sendable {
  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity
  public var sopClassUID: String
  /// Template Identifier of the root: "1500" of measurement reports; "" where absent.
  public var template: String
  /// Completion Flag is COMPLETE.
  public var isComplete: Bool
  /// Verification Flag is VERIFIED.
  public var isVerified: Bool
  public var root: ReportItem
  /// What the items name, then what else the report lists as its evidence, each once.
  public var references: [ImageReference]
  public var findings: [InstanceHeader.Finding]

  /// The report's title.
  public var title: CodedConcept? { root.concept }

  /// Those that spatial coordinates are given in, each once.
  public var framesOfReference: [String] {
    var found: [String] = []
    var seen: Set<String> = [""]
    root.visit { item, _ in
      if case .spatialRegion(let region) = item.value,
        seen.insert(region.frameOfReferenceUID).inserted
      {
        found.append(region.frameOfReferenceUID)
      }
    }
    return found
  }

  init(_ opening: DICOMOpening) throws(ImageError) {
    var reader = try AnnotationReader(opening)
    let content = try ReportContent(&reader)
    identity = reader.identity
    sopClassUID = reader.classUID
    let data = reader.root
    template = data.first(.contentTemplateSequence)?.strings(.templateIdentifier).first ?? ""
    isComplete = data.code(.completionFlag) == "COMPLETE"
    isVerified = data.code(.verificationFlag) == "VERIFIED"
    root = content.root
    references = content.references
    findings = reader.findings
  }
}
