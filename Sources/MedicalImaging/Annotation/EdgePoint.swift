/// A place in a picture, in pixels from the outer corner of its first pixel: the pixel of column c and
/// row r covers c...c + 1 by r...r + 1, and its centre is (c + 0.5, r + 0.5).
///
/// Boxes, polygons and points of labels are counted so. `PixelPoint` counts from the centre of the
/// first pixel; what leads from one to the other is here and nowhere else.
public struct EdgePoint: Codable, Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// The same place, counted from the centre of the first pixel.
  public init(_ point: PixelPoint) { self.init(x: point.column + 0.5, y: point.row + 0.5) }
}

extension PixelPoint {
  /// The same place, counted from the outer corner of the first pixel.
  public init(_ point: EdgePoint) { self.init(fromCorner: point.x, point.y) }
}
