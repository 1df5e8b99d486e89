import COpenJPEG
import MedicalImaging

/// JPEG 2000, reversible and not, through OpenJPEG.
struct JPEG2000Decoder {
  private let format: PixelFormat
  private let memoryLimit: Int

  init(_ format: PixelFormat, _ memoryLimit: Int) {
    self.format = format
    self.memoryLimit = memoryLimit
  }

  /// OpenJPEG keeps this much for each tile as soon as it has read the header.
  private static let bytesPerTile = 8192

  /// Throws `.damagedPixels`, `.unsupportedPixels` or `.memory`.
  func decode(_ bytes: UnsafeRawBufferPointer, _ stream: JPEG2000Stream) throws(ImageError)
    -> CodedPicture
  {
    guard stream.components == 1 || stream.components == 3 else {
      throw ImageError(
        .unsupportedPixels, "A JPEG 2000 frame has neither one nor three components.")
    }
    guard stream.precision <= 16 else {
      throw ImageError(.unsupportedPixels, "A JPEG 2000 frame has more than 16 bits a sample.")
    }
    // Coefficients and samples of 4 bytes each, and what is made of them.
    _ = try Budget.bytes(stream.rows, stream.columns, stream.components, 12, limit: memoryLimit)
    _ = try Budget.bytes(stream.tiles, Self.bytesPerTile, limit: memoryLimit)
    let source = unsafe JPEG2000Source(unsafe bytes)
    guard let image = unsafe source.image(isBoxed: stream.isBoxed) else {
      throw ImageError(.damagedPixels, "A JPEG 2000 frame is damaged or incomplete.")
    }
    defer { unsafe opj_image_destroy(image) }
    return try unsafe picture(image, stream)
  }

  private func picture(_ image: UnsafeMutablePointer<opj_image_t>, _ stream: JPEG2000Stream)
    throws(ImageError) -> CodedPicture
  {
    let parts = unsafe UnsafeBufferPointer(
      start: image.pointee.comps, count: Int(image.pointee.numcomps))
    guard parts.count == stream.components, let first = unsafe parts.first else {
      throw ImageError(.damagedPixels, "A JPEG 2000 frame contradicts itself.")
    }
    let isWide = unsafe first.prec > 8
    let size = isWide ? 2 : 1
    let (columns, rows, count) = (stream.columns, stream.rows, parts.count)
    let total = try Budget.bytes(rows, columns, count, size, limit: memoryLimit)
    var out = [UInt8](repeating: 0, count: total)
    for channel in 0..<count {
      let part = unsafe parts[channel]
      let (dx, dy) = unsafe (Int(part.dx), Int(part.dy))
      let (width, height) = unsafe (Int(part.w), Int(part.h))
      guard let data = unsafe part.data, unsafe part.prec == first.prec, dx > 0, dy > 0,
        width > 0, height > 0
      else {
        throw ImageError(
          .unsupportedPixels, "The components of a JPEG 2000 frame are not of one precision.")
      }
      if dx == 1 && dy == 1 && width == columns && height == rows {
        unsafe Self.copy(
          data, rows * columns, to: &out, at: channel * size, step: count * size, size)
        continue
      }
      for row in 0..<rows {
        let line = unsafe data + min(row / dy, height - 1) * width
        var at = (row * columns * count + channel) * size
        for column in 0..<columns {
          let value = unsafe line[dx == 1 ? min(column, width - 1) : min(column / dx, width - 1)]
          out[at] = UInt8(truncatingIfNeeded: value)
          if isWide { out[at + 1] = UInt8(truncatingIfNeeded: value >> 8) }
          at += count * size
        }
      }
    }
    var picture = CodedPicture(
      columns: columns, rows: rows, components: count, precision: unsafe Int(first.prec),
      bytes: out, size: isWide ? 2 : 1)
    if count == 1 && stream.isSigned != format.isSigned {
      picture.note(
        "signedness", "The bitstream's sign is not the header's; the header was believed.")
    }
    if stream.isBoxed {
      picture.note("jp2_boxes", "A JPEG 2000 frame is wrapped in the boxes of a JP2 file.")
    }
    let isYBR = unsafe image.pointee.color_space == OPJ_CLRSPC_SYCC
    switch format.photometric {
    case _ where stream.hasColorTransform: break
    case .ybrFull, .ybrFull422: picture.color = .ybr
    default: if isYBR { picture.color = .ybr }
    }
    return picture
  }

  /// Samples of one component to every `step` bytes: the hot path, without a look at where a row ends.
  private static func copy(
    _ samples: UnsafePointer<OPJ_INT32>, _ count: Int, to out: inout [UInt8], at offset: Int,
    step: Int, _ size: Int
  ) {
    unsafe out.withUnsafeMutableBytes { out in
      let target = unsafe out.baseAddress! + offset
      if size == 2 {
        for i in 0..<count {
          unsafe target.storeBytes(
            of: UInt16(truncatingIfNeeded: samples[i]), toByteOffset: i * step, as: UInt16.self)
        }
      } else {
        for i in 0..<count {
          unsafe target.storeBytes(
            of: UInt8(truncatingIfNeeded: samples[i]), toByteOffset: i * step, as: UInt8.self)
        }
      }
    }
  }
}
