import MedicalImaging

/// The frame of a `PlaneStack` in the patient: its x along the columns of a volume, y along its rows, z
/// along the normal of both, from the centre of the first voxel.
public struct PlaneFrame: Hashable, Sendable {
  private let origin, x, y, z: Vector3

  /// Nil where columns and rows of the geometry have no directions.
  public init?(_ geometry: VoxelGeometry) {
    let (across, down) = (geometry.alongColumns, geometry.alongRows)
    let normal = across.cross(down)
    guard across.length > 0, down.length > 0, normal.length > 0, normal.length.isFinite else {
      return nil
    }
    origin = geometry.position
    x = across * (1 / across.length)
    y = down * (1 / down.length)
    z = normal * (1 / normal.length)
  }

  /// Where a point of the patient lies in the frame. Headers may say x and y a little off the right
  /// angle; then the parts along each still add up to the point.
  public func point(_ patient: Vector3) -> PlaneStack.Point {
    let from = patient - origin
    let (along, beside, cosine) = (from.dot(x), from.dot(y), x.dot(y))
    let square = 1 - cosine * cosine
    return .init(
      x: (along - cosine * beside) / square, y: (beside - cosine * along) / square, z: from.dot(z))
  }

  /// Where a point of the frame lies in the patient.
  public func patient(_ point: PlaneStack.Point) -> Vector3 {
    origin + x * point.x + y * point.y + z * point.z
  }

  /// Where the voxels of a grid lie in the patient.
  public func geometry(of grid: ResamplingGrid) -> VoxelGeometry {
    VoxelGeometry(
      position: origin + x * grid.first.x + y * grid.first.y + z * grid.first.z,
      alongColumns: x * grid.spacing.betweenColumns, alongRows: y * grid.spacing.betweenRows,
      alongSlices: z * grid.spacing.betweenSlices)
  }
}
