import ImageFormats
import MedicalImaging
import Preprocessing

/// What came of an export of slices.
public struct SliceReport: Sendable, Equatable {
  /// As it was named on the command line.
  public var folder: String
  /// In the order of their numbers, which count from 1.
  public var volumes: [Volume]
  /// Sources that could not be used, in the order of their places; some of their frames may have been.
  public var rejected: [InspectionReport.RejectedSource]

  public var slices: Int { volumes.flatMap(\.groups).reduce(0) { $0 + $1.slices } }

  /// A volume, or what stands in its place.
  public struct Volume: Sendable, Equatable {
    /// As `inspect` counts them, from 1.
    public var study, series: Int
    public var kind: AssembledVolume.Kind
    public var modality: ModalityName
    public var planes: Int
    /// By plane; empty where nothing of it could be shown.
    public var groups: [Group]
    /// Why it is not one with the rest of its series.
    public var reasons: [SplitReason]
    public var findings: [GeometryFinding]
    /// What kept it from being cut in a plane that was asked for.
    public var notes: [InstanceHeader.Finding]
  }

  /// Its slices in one plane.
  public struct Group: Sendable, Equatable {
    /// `axial`, `coronal`, `sagittal`, `oblique`; without one `slice` or `frame`.
    public var plane: String
    public var slices: Int
    /// Of the first, in pixels.
    public var columns, rows: Int
    /// Nil where it differs from slice to slice.
    public var grey: Grey?
  }

  /// How modality values became grey; neither a window nor ends of colour, of a table, and of 8 bits that
  /// stay as they are.
  public struct Grey: Sendable, Hashable {
    /// As `ModalityUnits` names them; nil of colour.
    public var units: String?
    public var window: Window?
    /// The values that are black and white where there is no window.
    public var low, high: Double?
  }
}
