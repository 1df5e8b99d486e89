import MedicalImaging

/// The sizes of pixels that somebody who knows gives for the slides of a folder: a file
/// `microns_per_pixel.csv` beside them, with the columns `file` and `microns_per_pixel`, and
/// `microns_per_pixel_y` where pixels are not square.
public enum SlideResolutionTable {
  public static let name = "microns_per_pixel.csv"

  /// Tables are small; what is larger is none.
  private static let mostBytes = 16 << 20

  /// Of the slide at `path`; nil where there is no table, or no row of that file.
  ///
  /// Throws `.slideResolution` where the table cannot be read, or gives the file no size or two.
  static func given(beside path: String) throws(ImageError) -> MicronsPerPixel? {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let bytes = try? SourceBytes(path: path[..<slash] + name) else { return nil }
    guard bytes.count <= mostBytes,
      let text = String(validating: bytes.copy(0..<bytes.count), as: UTF8.self)
    else { throw error("cannot be read") }
    return try size(of: String(path[slash...]), in: text)
  }

  static func size(of file: String, in text: String) throws(ImageError) -> MicronsPerPixel? {
    let lines = text.split(whereSeparator: \.isNewline).map { LabelTableText.cells($0, ",") }
    guard let head = lines.first, let names = head.firstIndex(of: "file"),
      let x = head.firstIndex(of: "microns_per_pixel")
    else { throw error("has no columns `file` and `microns_per_pixel`") }
    let y = head.firstIndex(of: "microns_per_pixel_y") ?? x
    let rows = lines.dropFirst().filter { $0.count > names && $0[names] == file }
    guard let row = rows.first else { return nil }
    guard rows.count == 1, row.count > max(x, y), let across = Double(row[x]),
      let down = Double(row[y])
    else { throw error("gives the slide no size, or several") }
    return MicronsPerPixel(x: across, y: down)
  }

  private static func error(_ what: String) -> ImageError {
    ImageError(
      .slideResolution, "The table of microns per pixel beside the slide \(what).",
      remedy: "Mend \(name), or remove it.")
  }
}
