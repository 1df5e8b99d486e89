import MedicalImaging

/// How a slice lies in the patient, in one word.
public enum AnatomicalPlane: String, Codable, CaseIterable, Sendable {
  case axial, coronal, sagittal, oblique

  /// The plane across the patient axis that the normal is nearest to, where it is within 20 degrees
  /// of it: gantries tilt and heads turn by less, and what leans further has no common name.
  /// nil where the geometry has no normal.
  public init?(_ geometry: PlaneGeometry) {
    let normal = geometry.normal
    // LPS: x runs to the left, y to the back, z to the head.
    let axes: [(AnatomicalPlane, Double)] = [
      (.sagittal, abs(normal.x)), (.coronal, abs(normal.y)), (.axial, abs(normal.z)),
    ]
    guard normal.length > 0.5, let nearest = axes.max(by: { $0.1 < $1.1 }) else { return nil }
    // cos 20 degrees.
    self = nearest.1 >= 0.939_692_620_785_908_4 ? nearest.0 : .oblique
  }
}
