/// The pixels of one plane and where they lie in the patient.
public struct PlaneGrid: Codable, Hashable, Sendable {
  public var columns: Int
  public var rows: Int
  public var geometry: PlaneGeometry
  public var spacing: PixelSpacing

  /// Spacings must be above zero and finite.
  public init(columns: Int, rows: Int, geometry: PlaneGeometry, spacing: PixelSpacing) {
    precondition(columns > 0 && rows > 0)
    precondition(spacing.betweenRows > 0 && spacing.betweenRows.isFinite)
    precondition(spacing.betweenColumns > 0 && spacing.betweenColumns.isFinite)
    self.columns = columns
    self.rows = rows
    self.geometry = geometry
    self.spacing = spacing
  }

  /// The place in the picture that a point of the patient (LPS, millimetres) lies above: the inverse of
  /// PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1.
  public func pixel(of point: Vector3) -> PixelPoint {
    let offset = point - geometry.position
    return PixelPoint(
      column: offset.dot(geometry.alongRow) / spacing.betweenColumns,
      row: offset.dot(geometry.alongColumn) / spacing.betweenRows)
  }
}
