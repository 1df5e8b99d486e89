import ImageFormats
import MedicalImaging

/// Writes label planes as PNG masks.
public enum MaskPictureWriter {
  /// By number: grey of 8 bits where that is enough, else of 16.
  ///
  /// Throws `.annotation` where a number is below 0 or above 65,535.
  public static func write(_ plane: LabelPlane) throws(ImageError) -> [UInt8] {
    let numbers = plane.numbers
    guard let most = numbers.max(), let least = numbers.min(), least >= 0, most <= 65535 else {
      throw .annotation(
        "A mask holds numbers from 0 to 65,535.", remedy: "Number the structures anew.")
    }
    if most <= 255 {
      return try encoded(numbers.map { UInt8(truncatingIfNeeded: $0) }, plane, .grey8)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * numbers.count)
    for number in numbers {
      // Native endian, which is little on what this runs on.
      bytes.append(UInt8(truncatingIfNeeded: number))
      bytes.append(UInt8(truncatingIfNeeded: number >> 8))
    }
    return try encoded(bytes, plane, .grey16)
  }

  /// By colour.
  ///
  /// Throws `.annotation` where a number has no colour.
  public static func write(_ plane: LabelPlane, colors: [Int32: MaskColor]) throws(ImageError)
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * plane.numbers.count)
    for number in plane.numbers {
      guard let color = colors[number] else {
        throw .annotation("A mask holds a number without colour.", remedy: "Add it to the table.")
      }
      bytes += [color.red, color.green, color.blue]
    }
    return try encoded(bytes, plane, .rgb8)
  }

  private static func encoded(_ bytes: [UInt8], _ plane: LabelPlane, _ layout: RasterLayout)
    throws(ImageError) -> [UInt8]
  {
    try PNGEncoder().encode(
      bytes.span, columns: plane.columns, rows: plane.rows, layout: layout)
  }
}
