import MedicalImaging

/// What a measurement report says of one lesion or structure (PS3.16 TID 1410, 1411, 1501).
public struct MeasurementGroup: Hashable, Sendable {
  /// A place in the body.
  public struct Site: Hashable, Sendable {
    public var place: CodedConcept
    public var laterality: CodedConcept?
    public var topographicalModifier: CodedConcept?
  }

  /// A measured value.
  public struct Measurement: Hashable, Sendable {
    /// What was measured.
    public var concept: CodedConcept
    /// Nil where the report says that there is none.
    public var number: ReportNumber?
    /// How it was made of several: mean, maximum; nil where absent.
    public var derivation: CodedConcept?
    public var method: CodedConcept?
    public var sites: [Site]
    /// What it was measured on, where that is not what the group says.
    public var regions: [Region]
    public var images: [ImageReference]
  }

  /// A judgement: a concept and what was found of it.
  public struct Evaluation: Hashable, Sendable {
    public enum Answer: Hashable, Sendable {
      case code(CodedConcept)
      /// Free text: it may hold personal data.
      case text(String)
    }

    public var concept: CodedConcept
    public var answer: Answer
  }

  /// What the group speaks of.
  public enum Region: Hashable, Sendable {
    /// Segments of a segmentation.
    case segment(ImageReference)
    /// A shape, and the pictures that it is drawn on.
    case shape(ImageRegion, on: [ImageReference])
    /// A shape in the patient.
    case spatial(SpatialRegion)
  }

  /// Free text that tells lesions apart; "" where absent.
  public var trackingIdentifier = ""
  /// "" where absent.
  public var trackingUID = ""
  /// Free text; "" where absent.
  public var timePoint = ""
  /// Free text; "" where absent.
  public var activitySession = ""
  public var findingCategory: CodedConcept?
  public var finding: CodedConcept?
  public var sites: [Site] = []
  public var method: CodedConcept?
  public var regions: [Region] = []
  /// Pictures that it was measured on or segmented from.
  public var images: [ImageReference] = []
  /// Series that it was segmented from.
  public var sourceSeriesUIDs: [String] = []
  public var measurements: [Measurement] = []
  public var evaluations: [Evaluation] = []
}
