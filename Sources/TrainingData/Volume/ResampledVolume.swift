import MedicalImaging

/// What was done to a file of volumes so that it lies on the grid that was asked for: linear
/// interpolation.
public struct ResampledVolume: Sendable, Equatable {
  /// What was not as it was asked for.
  public enum Mended: String, Sendable, CaseIterable {
    /// Planes were shifted against each other.
    case tilt
    /// Planes did not lie evenly.
    case uneven
    /// Voxels had other distances.
    case spacing
  }

  /// In the order of the cases.
  public var mended: [Mended]
  /// Millimetres along columns, rows and the normal of the planes; the last is nil where planes did not
  /// lie evenly.
  public var from: [Double?]
  public var to: VoxelSpacing
  /// The value of voxels that lie outside of the source, or whose nearest neighbour is padding.
  public var fill: Float
  /// Of all volumes.
  public var voxelsOutside: Int
}
