import MedicalImaging

/// What of a picture is to be seen (PS3.3 C.7.6.11, C.7.6.15): inside all of its shapes at once.
///
/// Columns and rows count from 0 here, from 1 in the standard.
public struct DisplayShutter: Hashable, Sendable {
  public var shapes: [PlaneShape]
  /// 1 where the picture is to be seen; of the picture's own size.
  public var bitmap: PlaneMask?
  /// Shutter Presentation Value: what hidden pixels are shown as, 0 black to 65535 white; nil where
  /// absent.
  public var value: Int?

  /// Which pixels of a picture are to be seen: those inside every shape or on its edge.
  ///
  /// `aspect` is the height of a pixel over its width, so that a circle is one in the patient.
  ///
  /// Throws `.damagedHeader` where the bitmap is of another size than the picture.
  public func mask(columns: Int, rows: Int, aspect: Double = 1) throws(ImageError) -> PlaneMask {
    var mask = PlaneMask(columns: columns, rows: rows, filled: true)
    for shape in shapes {
      mask.formIntersection(
        shape.mask(columns: 0..<columns, rows: 0..<rows, aspect: aspect))
    }
    if let bitmap {
      guard bitmap.columns == columns, bitmap.rows == rows else {
        throw ImageError(.damagedHeader, "The shutter's bitmap is not of the picture's size.")
      }
      mask.formIntersection(bitmap)
    }
    return mask
  }
}
