import MedicalImaging

/// What of a picture is to be seen (PS3.3 C.7.6.11, C.7.6.15): inside all of its shapes at once.
///
/// Columns and rows count from 0 here, from 1 in the standard.
public struct DisplayShutter: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// Columns and rows of the edges, which are themselves to be seen.
    case rectangle(columns: ClosedRange<Int>, rows: ClosedRange<Int>)
    /// The radius in pixels along a row.
    case circle(center: PixelPoint, radius: Double)
    /// Closed from the last vertex to the first.
    case polygon([PixelPoint])
    /// 1 where the picture is to be seen; of the picture's own size.
    case bitmap(PlaneMask)
  }

  public var shapes: [Shape]
  /// Shutter Presentation Value: what hidden pixels are shown as, 0 black to 65535 white; nil where
  /// absent.
  public var value: Int?

  /// Which pixels of a picture are to be seen: those inside every shape or on its edge.
  ///
  /// `aspect` is the height of a pixel over its width, so that a circle is one in the patient.
  ///
  /// Throws `.damagedHeader` where a bitmap is of another size than the picture.
  public func mask(columns: Int, rows: Int, aspect: Double = 1) throws(ImageError) -> PlaneMask {
    var mask = PlaneMask(columns: columns, rows: rows, filled: true)
    for shape in shapes {
      switch shape {
      case .rectangle(let across, let down):
        for i in mask.bytes.indices
        where !across.contains(i % columns) || !down.contains(i / columns) {
          mask.bytes[i] = 0
        }
      case .circle(let center, let radius):
        for i in mask.bytes.indices {
          let x = Double(i % columns) - center.column
          let y = (Double(i / columns) - center.row) * aspect
          if x * x + y * y > radius * radius { mask.bytes[i] = 0 }
        }
      case .polygon(let vertices):
        var fill = EvenOddFill(columns: columns, rows: rows)
        fill.add(vertices)
        mask.formIntersection(fill.mask())
      case .bitmap(let seen):
        guard seen.columns == columns, seen.rows == rows else {
          throw ImageError(.damagedHeader, "The shutter's bitmap is not of the picture's size.")
        }
        mask.formIntersection(seen)
      }
    }
    return mask
  }
}
