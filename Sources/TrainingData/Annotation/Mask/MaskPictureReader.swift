import ImageFormats
import MedicalImaging
import Preprocessing

/// Reads PNG masks, in which every pixel's number or colour says what it shows.
public enum MaskPictureReader {
  /// By number: palette indices, or grey of any depth as it stands in the file. Beside 0 the
  /// numbers of `background` stand for nothing, such as the border that some sets draw as 255.
  ///
  /// Throws `.annotation` where a number has no name, and what `PictureReader.numbers` throws.
  public static func read(
    _ source: SourceBytes, names: LabelTable, background: Set<Int> = [],
    memoryLimit: Int = 1 << 30
  ) throws(ImageError) -> LabelPlane {
    var plane = try LabelPlane(PictureReader.numbers(of: source, memoryLimit: memoryLimit))
    // A mask has few numbers and many pixels.
    var known: [Int32: Int32] = [:]
    for i in plane.numbers.indices {
      let number = plane.numbers[i]
      if let kept = known[number] {
        plane.numbers[i] = kept
        continue
      }
      let isBackground = number == 0 || background.contains(Int(number))
      guard isBackground || names[Int(number)] != nil else {
        throw unknown("number", at: i, of: plane)
      }
      known[number] = isBackground ? 0 : number
      plane.numbers[i] = isBackground ? 0 : number
    }
    return plane
  }

  /// By colour, of 8 bits; a colour's number is 0 where it stands for nothing.
  ///
  /// Throws `.annotation` where a colour is not in the table, and what `PictureReader.read` throws.
  public static func read(
    _ source: SourceBytes, colors: [MaskColor: Int32], memoryLimit: Int = 1 << 30
  ) throws(ImageError) -> LabelPlane {
    let picture = try PictureReader.read(source, memoryLimit: memoryLimit)
    guard picture.channels == 3, picture.sample == .uint8 else {
      throw ImageError(
        .annotation, "The mask has no colours of 8 bits.",
        remedy: "Read it by its numbers, or save it with colours.")
    }
    let bytes = picture.bytes
    var plane = LabelPlane(
      columns: picture.columns, rows: picture.rows,
      numbers: .init(repeating: 0, count: picture.columns * picture.rows))
    // Neighbours mostly have one colour.
    var last: (color: MaskColor, number: Int32)?
    for i in plane.numbers.indices {
      let color = MaskColor(red: bytes[3 * i], green: bytes[3 * i + 1], blue: bytes[3 * i + 2])
      if let last, last.color == color {
        plane.numbers[i] = last.number
        continue
      }
      guard let number = colors[color] else { throw unknown("colour", at: i, of: plane) }
      plane.numbers[i] = number
      last = (color, number)
    }
    return plane
  }

  private static func unknown(_ what: String, at index: Int, of plane: LabelPlane) -> ImageError {
    .annotation(
      "The mask has a \(what) that stands for nothing known: column \(index % plane.columns), row \(index / plane.columns).",
      remedy: "Add it to the table, or to what stands for the background.")
  }
}

/// A colour of a mask.
public struct MaskColor: Hashable, Sendable {
  public var red, green, blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}
