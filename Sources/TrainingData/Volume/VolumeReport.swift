import ImageFormats
import MedicalImaging

/// What came of an export of volumes.
public struct VolumeReport: Sendable, Equatable {
  /// In the order of their numbers.
  public var files: [File]
  /// Sources that could not be used, in the order of their places; some of their frames may have been.
  public var rejected: [InspectionReport.RejectedSource]

  /// A file of volumes that was written, and a JSON beside it.
  public struct File: Sendable, Equatable {
    /// As it was named on the command line, with a number where there are several.
    public var path: String
    public var jsonPath: String
    /// As `inspect` counts them, from 1.
    public var study, series: Int
    public var kind: AssembledVolume.Kind
    public var volume: NIfTIVolume
    /// Whether voxels are modality values: resampled ones, or since one slope cannot say what stored
    /// values mean.
    public var holdsModalityValues: Bool
    /// Nil where voxels are the planes as they are.
    public var resampled: ResampledVolume?
    /// Why it is not one with the rest of its series.
    public var reasons: [SplitReason]
    /// What its volumes differ in.
    public var differences: [SplitReason]
    /// Where gaps cut its volumes: which of the parts it is.
    public var part: VolumeStack.Part?
    public var findings: [GeometryFinding]
  }
}
