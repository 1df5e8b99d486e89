import MedicalImaging

/// A key object selection (PS3.3 A.35.4, PS3.16 TID 2010): instances that somebody marked, and why.
public struct DICOMKeyObjects: Sendable {
  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity
  /// Why they were marked: "Of Interest", "Rejected for Quality Reasons"; nil where it is not said.
  public var title: CodedConcept?
  /// What the title is said more exactly with.
  public var modifiers: [CodedConcept]
  /// Free text; "" where absent.
  public var description: String
  /// The instances, in the order of the selection, each with its frames; what the selection lists as
  /// evidence and does not select is not among them.
  public var references: [ImageReference]
  public var findings: [InstanceHeader.Finding]

  /// Whether its title says that what it marks is not to be used: quality, safety, a wrong worklist entry,
  /// or an end of retention (PS3.16 CID 7010, 7011; IHE RAD TF-2 4.66).
  public var isRejection: Bool {
    title.map { $0.scheme == "DCM" && Self.rejections.contains($0.value) } ?? false
  }

  private static let rejections: Set = ["113001", "113010", "113037", "113038", "113039"]

  init(_ opening: DICOMOpening) throws(ImageError) {
    var reader = try AnnotationReader(opening)
    let content = try ReportContent(&reader)
    identity = reader.identity
    title = content.root.concept
    modifiers = []
    description = ""
    references = []
    for item in content.root.children {
      switch item.value {
      case .code(let code) where ReportConcept.documentTitleModifier.matches(item.concept):
        modifiers.append(code)
      case .text(let text) where ReportConcept.keyObjectDescription.matches(item.concept):
        description = text
      case .image(let it), .composite(let it), .waveform(let it): references.append(it)
      default: break
      }
    }
    findings = reader.findings
  }
}
