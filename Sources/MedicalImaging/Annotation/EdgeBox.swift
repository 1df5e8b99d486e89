/// A box in a picture, its sides along rows and columns, in pixels from the outer corner of the first
/// one: of whole pixels, `x1` is the last column + 1, and `y1` the last row + 1.
public struct EdgeBox: Codable, Hashable, Sendable {
  public var x0, y0, x1, y1: Double

  public init(x0: Double, y0: Double, x1: Double, y1: Double) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// Of whole pixels.
  public init(columns: Range<Int>, rows: Range<Int>) {
    self.init(
      x0: Double(columns.lowerBound), y0: Double(rows.lowerBound), x1: Double(columns.upperBound),
      y1: Double(rows.upperBound))
  }

  /// The smallest that holds all these points; nil where there are none.
  public init?(around points: some Sequence<EdgePoint>) {
    var box: EdgeBox?
    for point in points {
      guard let b = box else {
        box = EdgeBox(x0: point.x, y0: point.y, x1: point.x, y1: point.y)
        continue
      }
      box = EdgeBox(
        x0: min(b.x0, point.x), y0: min(b.y0, point.y), x1: max(b.x1, point.x),
        y1: max(b.y1, point.y))
    }
    guard let box else { return nil }
    self = box
  }

  public var width: Double { x1 - x0 }
  public var height: Double { y1 - y0 }
  /// Whether it has no area.
  public var isEmpty: Bool { !(width > 0 && height > 0) }
  /// In pixels; 0 of an empty one.
  public var area: Double { isEmpty ? 0 : width * height }

  /// What both have; it may be empty.
  public func intersection(_ other: EdgeBox) -> EdgeBox {
    EdgeBox(
      x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1), y1: min(y1, other.y1))
  }

  /// Whether a place lies in it; its right and lower edges are outside.
  public func contains(_ point: EdgePoint) -> Bool {
    point.x >= x0 && point.x < x1 && point.y >= y0 && point.y < y1
  }
}
