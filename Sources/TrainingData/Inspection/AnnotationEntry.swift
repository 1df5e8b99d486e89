import MedicalImaging

/// An annotation, and what it is of: words of fixed lists and numbers alone.
public struct AnnotationEntry: Sendable, Equatable {
  /// Instances of one sort that it names.
  public struct Presence: Sendable, Equatable {
    public var named = 0
    /// Of these, so many are in the sources.
    public var here = 0
    /// Of these, so many would be used as images.
    public var used = 0
  }

  /// Images of one series.
  public struct Part: Sendable, Equatable {
    /// Places in the report, from 1.
    public var study: Int
    public var series: Int
    public var images: Int
  }

  /// How its images are known.
  public enum Join: String, Sendable, CaseIterable {
    /// It names them.
    case instance
    /// It names none that is used; they share a frame of reference with it.
    case frameOfReference = "frame_of_reference"
  }

  public var kind: AnnotationSummary.Kind
  /// Nil where it cannot be read.
  public var summary: AnnotationSummary?
  /// Why it cannot be read.
  public var error: ImageError?
  /// The study that it belongs to itself, as a place in the report, from 1; nil where no image of that
  /// is used.
  public var study: Int?
  /// The images that it is of, by study and series.
  public var parts: [Part]
  /// Nil where it is of no image that is used.
  public var join: Join?
  public var images: Presence
  /// What it names and is no image: other annotations, documents.
  public var objects: Presence
  public var place: SourcePlace
  /// Of a copy, byte by byte: where the other one lies.
  public var original: SourcePlace?
  public var token: String?

  /// The study that people look for it in: that of its first images, else its own.
  public var home: Int? { parts.first?.study ?? study }
}
