/// A place in a picture: column and row, (0, 0) in the centre of the first pixel, so that whole numbers
/// are centres of pixels.
public struct PixelPoint: Codable, Hashable, Sendable {
  public var column: Double
  public var row: Double

  public init(column: Double, row: Double) {
    self.column = column
    self.row = row
  }

  /// From coordinates whose (0, 0) is the outer corner of the first pixel, as spatial coordinates and
  /// graphic annotations have them (PS3.3 C.18.6, C.10.5).
  public init(fromCorner column: Double, _ row: Double) {
    self.init(column: column - 0.5, row: row - 0.5)
  }
}
