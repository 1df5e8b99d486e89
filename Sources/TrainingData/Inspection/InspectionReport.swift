import MedicalImaging

/// What is in some sources, and what a conversion would make of them as far as headers tell.
public struct InspectionReport: Sendable, Equatable {
  /// In the order in which their first files were found; people call them by their place, from 1.
  public var studies: [StudySummary]
  /// What says something of images elsewhere, in the order of their places.
  public var annotations: [AnnotationEntry] = []
  /// In the order of their places.
  public var rejected: [RejectedSource]
  /// In the order of their places.
  public var leftOut: [LeftOutSource]

  public var images: Int { studies.reduce(0) { $0 + $1.images } }

  /// One study: its series in the order of their Series Numbers.
  public struct StudySummary: Sendable, Equatable {
    public var series: [SeriesSummary]

    public var images: Int { series.reduce(0) { $0 + $1.images } }
    public var bytes: Int { series.reduce(0) { $0 + $1.bytes } }
  }

  /// A medical picture, or something that claims to be one, that a conversion would not use.
  public struct RejectedSource: Sendable, Equatable {
    public var code: ErrorCode
    public var message: String
    public var remedy: String
    public var place: SourcePlace
    /// Of a copy: where the one lies that is used.
    public var original: SourcePlace?
    /// What stands for it in the data set that the inspection was given; nil without one.
    public var token: String?
  }

  /// Something that is no picture by content, or that the recipe leaves out.
  public struct LeftOutSource: Sendable, Equatable {
    /// The word under which `dataset.json` counts it.
    public var kind: String
    public var place: SourcePlace
    public var token: String?
  }
}
