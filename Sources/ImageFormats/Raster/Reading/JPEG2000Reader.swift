import COpenJPEG
import MedicalImaging

/// JPEG 2000 (ISO/IEC 15444-1), bare codestreams and JP2 files, through OpenJPEG: grey and colours of
/// at most 16 bits, palettes, transparency, inks.
struct JPEG2000Reader {
  private let source: SourceBytes
  private let stream: JPEG2000Stream

  /// Throws `.damagedHeader`.
  init(_ source: SourceBytes) throws(ImageError) {
    let stream = unsafe source.withUnsafeBytes { all in
      unsafe JPEG2000Stream(Span<UInt8>(_unsafeBytes: all))
    }
    guard let stream else {
      throw .picture(.damagedHeader, "The JPEG 2000 picture ends before it says what it holds.")
    }
    self.source = source
    self.stream = stream
  }

  var contents: PictureContents {
    PictureContents(
      format: .jpeg2000,
      pages: [.init(index: 0, columns: stream.columns, rows: stream.rows, role: .picture)])
  }

  /// OpenJPEG keeps this much for each tile as soon as it has read the header.
  private static let bytesPerTile = 8192

  /// Throws `.damagedPixels`, `.unsupportedPixels` or `.memory`.
  func read(_ memoryLimit: Int) throws(ImageError) -> Picture {
    guard stream.components <= 5 else {
      throw .unread("The JPEG 2000 picture has more than five components.")
    }
    // Coefficients and samples of 4 bytes each, and what is made of them. A palette makes at most
    // four components of one.
    _ = try Budget.bytes(
      stream.rows, stream.columns, max(stream.components, 4), 12, limit: memoryLimit,
      of: "The picture")
    _ = try Budget.bytes(stream.tiles, Self.bytesPerTile, limit: memoryLimit, of: "The picture")
    return try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
      let memory = unsafe JPEG2000Source(all)
      guard let image = unsafe memory.image(isBoxed: stream.isBoxed) else {
        throw .picture(.damagedPixels, "The JPEG 2000 picture is damaged or incomplete.")
      }
      defer { unsafe opj_image_destroy(image) }
      return try unsafe JPEG2000Picture(image).picture(
        columns: stream.columns, rows: stream.rows)
    }
  }
}
