/// What rings enclose in a picture: by the even-odd rule over all of them, so that a ring within
/// another is a hole.
///
/// Rings are closed from their last point to the first. Outer ones stand first, and go clockwise as
/// the picture is seen; holes go the other way: then the sum of their signed areas is the area.
public struct EdgePolygon: Codable, Hashable, Sendable {
  public var rings: [[EdgePoint]]

  /// Rings in the order and direction that are told above.
  public init(rings: [[EdgePoint]]) { self.rings = rings }

  /// One ring without holes, whichever way it goes.
  public init(ring: [EdgePoint]) {
    self.init(rings: [Self.signedArea(ring) < 0 ? ring.reversed() : ring])
  }

  /// The outline of a box.
  public init(_ box: EdgeBox) {
    self.init(rings: [
      [
        EdgePoint(x: box.x0, y: box.y0), EdgePoint(x: box.x1, y: box.y0),
        EdgePoint(x: box.x1, y: box.y1), EdgePoint(x: box.x0, y: box.y1),
      ]
    ])
  }

  /// The smallest box around it; nil where it has no point.
  public var box: EdgeBox? { EdgeBox(around: rings.joined()) }

  /// What it encloses, in pixels.
  public var area: Double { rings.reduce(0) { $0 + Self.signedArea($1) } }

  /// The pixels whose centres it encloses. Of centres on its path, those on left and upper edges count
  /// as inside, so that polygons that share an edge share no pixel.
  public func mask(columns: Int, rows: Int) -> PlaneMask {
    var fill = EvenOddFill(columns: columns, rows: rows)
    for ring in rings { fill.add(ring.map(PixelPoint.init)) }
    return fill.interior()
  }

  /// What a ring encloses: above zero where it goes clockwise as the picture is seen (Gauss's area
  /// formula, rows counted downwards).
  public static func signedArea(_ ring: [EdgePoint]) -> Double {
    guard let first = ring.first, var from = ring.last else { return 0 }
    var sum = 0.0
    // From the first point on, so that a small ring far from the corner keeps its digits.
    for to in ring {
      sum += (from.x - first.x) * (to.y - first.y) - (to.x - first.x) * (from.y - first.y)
      from = to
    }
    return sum / 2
  }
}
