/// A shape that a header lays over a picture: what is inside of it, or on its edge, is meant.
///
/// Columns and rows count from 0; whole numbers are centres of pixels.
public enum PlaneShape: Codable, Hashable, Sendable {
  /// Columns and rows of the edges, which are themselves inside.
  case rectangle(columns: ClosedRange<Int>, rows: ClosedRange<Int>)
  /// The radius in pixels along a row.
  case circle(center: PixelPoint, radius: Double)
  /// Closed from the last vertex to the first.
  case polygon([PixelPoint])

  /// Which pixels of a part of a picture are inside.
  ///
  /// `aspect` is the height of a pixel over its width, so that a circle is one in the patient.
  public func mask(columns: Range<Int>, rows: Range<Int>, aspect: Double = 1) -> PlaneMask {
    switch self {
    case .rectangle(let across, let down):
      var mask = PlaneMask(columns: columns.count, rows: rows.count, filled: false)
      let inside = columns.clamped(to: across)
      for row in rows.clamped(to: down) {
        let start = (row - rows.lowerBound) * columns.count - columns.lowerBound
        for column in inside { mask.bytes[start + column] = 1 }
      }
      return mask
    case .circle(let center, let radius):
      var mask = PlaneMask(columns: columns.count, rows: rows.count, filled: false)
      for row in rows {
        let y = (Double(row) - center.row) * aspect
        let start = (row - rows.lowerBound) * columns.count - columns.lowerBound
        for column in columns {
          let x = Double(column) - center.column
          if x * x + y * y <= radius * radius { mask.bytes[start + column] = 1 }
        }
      }
      return mask
    case .polygon(let vertices):
      var fill = EvenOddFill(columns: columns, rows: rows)
      fill.add(vertices)
      return fill.mask()
    }
  }
}

extension Range<Int> {
  /// The numbers that are in a closed range too; it may end at the greatest number that there is.
  func clamped(to limits: ClosedRange<Int>) -> Range<Int> {
    let lower = Swift.min(Swift.max(lowerBound, limits.lowerBound), upperBound)
    guard limits.upperBound < upperBound else { return lower..<upperBound }
    return lower..<Swift.max(lower, limits.upperBound + 1)
  }
}
