/// Where one plane of pixels lies in the patient (PS3.3 C.7.6.2): LPS, millimetres, centre of the
/// first pixel.
public struct PlaneGeometry: Codable, Hashable, Sendable {
  /// Centre of the first pixel transmitted: Image Position (Patient).
  public var position: Vector3
  /// Direction in which the column index grows: the first triplet of Image Orientation (Patient).
  public var alongRow: Vector3
  /// Direction in which the row index grows: the second triplet of Image Orientation (Patient).
  public var alongColumn: Vector3

  public init(position: Vector3, alongRow: Vector3, alongColumn: Vector3) {
    self.position = position
    self.alongRow = alongRow
    self.alongColumn = alongColumn
  }

  /// The unit normal: along row x along column.
  public var normal: Vector3 {
    let n = alongRow.cross(alongColumn)
    return n.length > 0 ? n * (1 / n.length) : n
  }

  /// Distance of the plane from the origin along its own normal, in millimetres.
  public var distance: Double { position.dot(normal) }

  /// 4 x 4, row by row: (column, row, 0, 1) of a pixel -> LPS millimetres (PS3.3 C.7.6.2.1.1,
  /// equation C.7.6.2.1-1).
  public func pixelToPatient(spacing: PixelSpacing) -> [[Double]] {
    let r = alongRow * spacing.betweenColumns
    let c = alongColumn * spacing.betweenRows
    return [
      [r.x, c.x, 0, position.x], [r.y, c.y, 0, position.y], [r.z, c.z, 0, position.z],
      [0, 0, 0, 1],
    ]
  }
}

/// Distance of neighbouring pixel centres in millimetres: DICOM's order, rows first (PS3.3 10.7.1.3).
public struct PixelSpacing: Codable, Hashable, Sendable {
  /// Vertical distance, the first value of Pixel Spacing.
  public var betweenRows: Double
  /// Horizontal distance, the second value of Pixel Spacing.
  public var betweenColumns: Double

  public init(betweenRows: Double, betweenColumns: Double) {
    self.betweenRows = betweenRows
    self.betweenColumns = betweenColumns
  }
}
