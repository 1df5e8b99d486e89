import ImageFormats
import MedicalImaging
import Preprocessing

/// One volume of a series, or what stands in its place: pictures, or the frames of a film.
public struct VolumeSummary: Sendable, Equatable {
  public var kind: AssembledVolume.Kind
  public var planes: Int
  public var rows: Int
  public var columns: Int
  /// In the patient; nil where the header gives none.
  public var spacing: PixelSpacing?
  /// Median distance of neighbouring planes in millimetres; nil for one plane, or without geometry.
  public var step: Double?
  /// How it lies in the patient; nil without geometry.
  public var plane: AnatomicalPlane?
  /// Why it is not one with the rest of its series; empty where it is all of it.
  public var reasons: [SplitReason]
  public var findings: [GeometryFinding]
}

extension VolumeSummary {
  /// - Parameter headers: those that the volume was assembled from.
  init(_ volume: AssembledVolume, of headers: [InstanceHeader]) {
    let first = volume.planes[0]
    let header = headers[first.instance]
    let facts = header.facts(frame: first.frame)
    kind = volume.kind
    planes = volume.planes.count
    rows = header.format.rows
    columns = header.format.columns
    spacing = facts.spacing
    step = volume.step
    plane = volume.kind == .volume ? facts.geometry.flatMap(AnatomicalPlane.init) : nil
    reasons = volume.reasons
    findings = volume.findings
  }
}
