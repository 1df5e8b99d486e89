/// Where the voxels of a volume lie in the patient: LPS, millimetres, centre of the first voxel.
public struct VoxelGeometry: Codable, Hashable, Sendable {
  /// Centre of voxel (0, 0, 0).
  public var position: Vector3
  /// From a voxel to the one in the next column, in millimetres.
  public var alongColumns: Vector3
  /// From a voxel to the one in the next row, in millimetres.
  public var alongRows: Vector3
  /// From a voxel to the one in the next slice, in millimetres.
  public var alongSlices: Vector3

  public init(
    position: Vector3, alongColumns: Vector3, alongRows: Vector3, alongSlices: Vector3
  ) {
    self.position = position
    self.alongColumns = alongColumns
    self.alongRows = alongRows
    self.alongSlices = alongSlices
  }

  /// 4 x 4, row by row: (column, row, slice, 1) of a voxel -> LPS millimetres.
  public var voxelToPatient: [[Double]] {
    let (i, j, k) = (alongColumns, alongRows, alongSlices)
    return [
      [i.x, j.x, k.x, position.x], [i.y, j.y, k.y, position.y], [i.z, j.z, k.z, position.z],
      [0, 0, 0, 1],
    ]
  }

  /// Distances of neighbouring voxel centres.
  public var spacing: VoxelSpacing {
    VoxelSpacing(
      betweenColumns: alongColumns.length, betweenRows: alongRows.length,
      betweenSlices: alongSlices.length)
  }

  /// The centre of a voxel, LPS millimetres; parts of an index count too.
  public func position(column: Double, row: Double, slice: Double) -> Vector3 {
    position + alongColumns * column + alongRows * row + alongSlices * slice
  }
}

/// Distances of neighbouring voxel centres in millimetres.
public struct VoxelSpacing: Codable, Hashable, Sendable {
  public var betweenColumns: Double
  public var betweenRows: Double
  public var betweenSlices: Double

  public init(betweenColumns: Double, betweenRows: Double, betweenSlices: Double) {
    self.betweenColumns = betweenColumns
    self.betweenRows = betweenRows
    self.betweenSlices = betweenSlices
  }
}
