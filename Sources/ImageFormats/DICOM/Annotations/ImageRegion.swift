import MedicalImaging

/// A shape drawn on a picture: spatial coordinates of a report (PS3.3 C.18.6), or a graphic of a
/// presentation state (PS3.3 C.10.5).
public struct ImageRegion: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case point = "POINT"
    case points = "MULTIPOINT"
    /// Connected in their order; closed where the last point is the first.
    case polyline = "POLYLINE"
    /// As polyline, smooth between the points.
    case interpolated = "INTERPOLATED"
    /// Its centre and a point on it.
    case circle = "CIRCLE"
    /// The ends of one axis and those of the other.
    case ellipse = "ELLIPSE"
  }

  public var kind: Kind
  /// Whole numbers are centres of pixels: half a pixel less than what the object says, whose (0, 0) is
  /// the outer corner of the first pixel.
  public var points: [PixelPoint]
  /// Whether it counts in the whole matrix of a slide and not in a frame (Pixel Origin
  /// Interpretation).
  public var isOfWholeMatrix: Bool

  /// Which pixels of a picture have their centre inside, or on the outline (even-odd rule); nil for
  /// what has no inside.
  public func mask(columns: Int, rows: Int) -> PlaneMask? {
    switch kind {
    case .point, .points, .interpolated: return nil
    case .polyline:
      guard points.count > 3, points.first == points.last else { return nil }
      var fill = EvenOddFill(columns: columns, rows: rows)
      fill.add(points)
      return fill.mask()
    case .circle:
      guard points.count == 2 else { return nil }
      let (dx, dy) = points[1] - points[0]
      return Self.mask(columns, rows) { place in
        let (x, y) = place - points[0]
        return x * x + y * y <= dx * dx + dy * dy
      }
    case .ellipse:
      guard points.count == 4 else { return nil }
      let (ax, ay) = points[1] - points[0]
      let (bx, by) = points[3] - points[2]
      let (a, b) = (ax * ax + ay * ay, bx * bx + by * by)
      guard a > 0, b > 0 else { return nil }
      let centre = PixelPoint(
        column: (points[0].column + points[1].column) / 2,
        row: (points[0].row + points[1].row) / 2)
      return Self.mask(columns, rows) { place in
        let (x, y) = place - centre
        // Along each axis in parts of its half length.
        let u = 2 * (x * ax + y * ay) / a
        let v = 2 * (x * bx + y * by) / b
        return u * u + v * v <= 1
      }
    }
  }

  private static func mask(_ columns: Int, _ rows: Int, isInside: (PixelPoint) -> Bool) -> PlaneMask
  {
    var mask = PlaneMask(columns: columns, rows: rows, filled: false)
    for row in 0..<rows {
      for column in 0..<columns
      where isInside(PixelPoint(column: Double(column), row: Double(row))) {
        mask.bytes[row * columns + column] = 1
      }
    }
    return mask
  }
}

extension PixelPoint {
  fileprivate static func - (a: PixelPoint, b: PixelPoint) -> (Double, Double) {
    (a.column - b.column, a.row - b.row)
  }
}

/// A shape drawn in the patient (PS3.3 C.18.9).
public struct SpatialRegion: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case point = "POINT"
    case points = "MULTIPOINT"
    case polyline = "POLYLINE"
    case polygon = "POLYGON"
    case ellipse = "ELLIPSE"
    case ellipsoid = "ELLIPSOID"
  }

  public var kind: Kind
  /// LPS, millimetres.
  public var points: [Vector3]
  /// The frame of reference that they are given in.
  public var frameOfReferenceUID: String
}
