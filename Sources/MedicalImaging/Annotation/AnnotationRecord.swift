/// What joins an annotation with images, and what it is.
///
/// UIDs lead back to a patient: all but the summary are personal data.
public struct AnnotationRecord: Hashable, Sendable {
  public var summary: AnnotationSummary
  public var identity: InstanceHeader.Identity
  /// What it says something of.
  public var references: [ImageReference]
  /// Frames of reference that it draws in.
  public var framesOfReference: [String]

  public init(
    summary: AnnotationSummary, identity: InstanceHeader.Identity, references: [ImageReference],
    framesOfReference: [String]
  ) {
    self.summary = summary
    self.identity = identity
    self.references = references
    self.framesOfReference = framesOfReference
  }
}
