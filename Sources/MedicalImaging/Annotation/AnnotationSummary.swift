/// What an annotation is and how much it holds: words of fixed lists and a number, nothing that names
/// a person.
public struct AnnotationSummary: Codable, Hashable, Sendable {
  /// The word under which annotations are counted.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case segmentation
    case structureSet = "structure_set"
    case structuredReport = "structured_report"
    case keyObjectSelection = "key_object_selection"
    case presentationState = "presentation_state"
    case bulkAnnotations = "bulk_annotations"
  }

  /// What sort of segmentation, of report or of selection it is.
  public enum Form: String, Codable, CaseIterable, Sendable {
    case binary, fractional, labelmap
    /// A report with measurement groups, and one of a class for texts without.
    case measurements, text
    /// A key object selection of what is not to be used.
    case rejection
  }

  /// Something that a presentation state says of how pictures are shown.
  public enum Setting: String, Codable, CaseIterable, Sendable {
    case window
    /// A VOI LUT in the place of a window.
    case table
    case inverted
    case presentationTable = "presentation_table"
    case shutter
    case displayedArea = "displayed_area"
    case rotation, flip, graphics
  }

  public var kind: Kind
  /// Nil where its kind comes in one form, and of other reports.
  public var form: Form?
  /// Segments, structures, measurement groups, marked instances, settings, or annotation groups.
  public var count: Int
  /// In the order of `Setting`; none of what is no presentation state.
  public var settings: [Setting]
  /// What was odd in it, and how it was taken.
  public var findings: [InstanceHeader.Finding]

  public init(
    _ kind: Kind, form: Form? = nil, count: Int, settings: [Setting] = [],
    findings: [InstanceHeader.Finding] = []
  ) {
    self.kind = kind
    self.form = form
    self.count = count
    self.settings = settings
    self.findings = findings
  }
}
