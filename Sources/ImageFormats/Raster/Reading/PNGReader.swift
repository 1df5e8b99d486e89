import CPNG
import MedicalImaging

/// PNG (ISO/IEC 15948) of every depth and colour type through libpng; of an animated one, the
/// picture that every reader shows.
struct PNGReader {
  private let source: SourceBytes
  private let chunks: PNGChunks
  private let orientation: PlaneOrientation

  /// Throws `.damagedHeader` or `.truncated`.
  init(_ source: SourceBytes) throws(ImageError) {
    self.source = source
    chunks = try PNGChunks(source)
    orientation =
      chunks.exif.map { EXIF.orientation(source.copy($0).span) } ?? .upright
  }

  var contents: PictureContents {
    let swaps = orientation.swapsAxes
    return PictureContents(
      format: .png,
      pages: [
        .init(
          index: 0, columns: swaps ? chunks.rows : chunks.columns,
          rows: swaps ? chunks.columns : chunks.rows, role: .picture,
          pixels: .init(channels: chunks.channels, sample: sample, bits: 8 * sample.size))
      ])
  }

  private var sample: Picture.Sample { chunks.depth == 16 ? .uint16 : .uint8 }

  /// Throws `.damagedPixels`, `.truncated` or `.memory`.
  func read(_ memoryLimit: Int) throws(ImageError) -> Picture {
    let samples = chunks.channels + (chunks.hasAlpha ? 1 : 0)
    // What is decoded, and the same without its transparency.
    _ = try Budget.bytes(
      chunks.rows, chunks.columns, samples + (chunks.hasAlpha ? chunks.channels : 0), sample.size,
      limit: memoryLimit, of: "The picture")
    var findings: [InstanceHeader.Finding] = []
    var bytes = try decoded(chunks.columns * samples * sample.size, &findings)
    if chunks.hasAlpha {
      let (opaque, isTransparent) = PictureAlpha.removed(
        bytes, channels: chunks.channels, sample: sample)
      bytes = opaque
      if isTransparent { findings.append(PictureAlpha.dropped) }
    }
    if chunks.isAnimated {
      findings.append(
        .init("animation", "The picture is animated; what is shown without animation was taken."))
    }
    return try orientation.applied(
      to: Picture(
        columns: chunks.columns, rows: chunks.rows, channels: chunks.channels, sample: sample,
        bits: 8 * sample.size, bytes: bytes,
        colorProfile: chunks.channels == 3 ? chunks.colorProfile(source) : nil, findings: findings),
      limit: memoryLimit)
  }

  /// The numbers of its pixels as they stand in the file, a palette's indices included: neither turned
  /// nor spread over 8 bits. Throws `.unsupportedPixels` where a pixel has several samples.
  func readNumbers(_ memoryLimit: Int) throws(ImageError) -> StoredPlane {
    guard chunks.colourType == 0 || chunks.colourType == 3 else {
      throw ImageError(
        .unsupportedPixels, "The PNG has colours or transparency, not one number a pixel.",
        remedy: "Read its colours with a table of what they stand for.")
    }
    guard orientation == .upright else {
      throw ImageError(
        .unsupportedPixels, "The PNG's numbers are to be turned, as its orientation says.",
        remedy: "Save it upright.")
    }
    _ = try Budget.bytes(
      chunks.rows, chunks.columns, sample.size, limit: memoryLimit, of: "The picture")
    var findings: [InstanceHeader.Finding] = []
    return StoredPlane(
      columns: chunks.columns, rows: chunks.rows, samplesPerPixel: 1, sample: sample,
      bytes: try decoded(chunks.columns * sample.size, isRaw: true, &findings))
  }

  private func decoded(
    _ rowBytes: Int, isRaw: Bool = false, _ findings: inout [InstanceHeader.Finding]
  )
    throws(ImageError) -> [UInt8]
  {
    var layout = cpng_layout(
      columns: UInt32(chunks.columns), rows: UInt32(chunks.rows),
      has_alpha: chunks.hasAlpha && !isRaw, is_raw: isRaw, row_bytes: rowBytes)
    var status = cpng_ok
    var warnings: Int32 = 0
    var cause = [CChar](repeating: 0, count: 128)
    let size = rowBytes * chunks.rows
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { out, used in
      unsafe source.withUnsafeBytes { all in
        unsafe status = cpng_decode(
          all.baseAddress, all.count, &layout, out.baseAddress, &warnings, &cause)
      }
      used = status == cpng_ok ? size : 0
    }
    let words = "libpng: " + String(cCharacters: cause)
    switch status {
    case cpng_ok: break
    case cpng_memory: throw ImageError(.memory, "The PNG decoder got no memory.", cause: words)
    case cpng_truncated:
      throw .picture(.truncated, "The PNG ends before its picture does.", cause: words)
    default: throw .picture(.damagedPixels, "The PNG is damaged.", cause: words)
    }
    if warnings > 0 {
      findings.append(
        .init("png_warning", "The PNG decoder passed over something that should not be there."))
    }
    return bytes
  }
}
