import MedicalImaging

/// What grid is wished for.
public enum ResamplingTarget: Codable, Hashable, Sendable {
  /// At right angles with even slices: columns and rows keep their distances, slices the smallest step
  /// between them.
  case even
  /// The same with these distances.
  case spacing(VoxelSpacing)
}
