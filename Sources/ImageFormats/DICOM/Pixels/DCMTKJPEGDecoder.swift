import CDCMTK
import MedicalImaging

/// Lossless JPEG of any precision and 12-bit DCT pictures, through DCMTK's IJG decoders.
struct DCMTKJPEGDecoder {
  private let format: PixelFormat
  private let memoryLimit: Int

  init(_ format: PixelFormat, _ memoryLimit: Int) {
    self.format = format
    self.memoryLimit = memoryLimit
  }

  /// Throws `.damagedPixels`, `.unsupportedSyntax`, `.unsupportedPixels` or `.memory`.
  func decode(_ bytes: UnsafeRawBufferPointer, _ stream: JPEGStream) throws(ImageError)
    -> CodedPicture
  {
    let isDCT = [0xC0, 0xC1, 0xC2].contains(stream.process) && stream.precision == 12
    guard stream.isLossless ? (2...16).contains(stream.precision) : isDCT else {
      throw ImageError(.unsupportedSyntax, "A frame is JPEG of a process that is not read.")
    }
    let components = stream.componentIDs.count
    guard components == 1 || components == 3 else {
      throw ImageError(.unsupportedPixels, "A JPEG frame has neither one nor three components.")
    }
    guard stream.rows > 0, stream.columns > 0 else {
      throw ImageError(.damagedPixels, "A JPEG frame does not say how large it is.")
    }
    let isWide = stream.precision > 8
    let total = try Budget.bytes(
      stream.rows, stream.columns, components, isWide ? 8 : 4, limit: memoryLimit)
    let size = total / 4
    var warnings: Int32 = 0
    var cause = [CChar](repeating: 0, count: 128)
    var out = [UInt8](repeating: 0, count: size)
    let status = unsafe out.withUnsafeMutableBytes { buffer in
      unsafe cdcmtk_jpeg(
        bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count,
        Int32(stream.precision), buffer.baseAddress, size, size / stream.rows, &warnings, &cause)
    }
    switch status {
    case cdcmtk_ok: break
    case cdcmtk_memory, cdcmtk_too_long:
      throw ImageError(.memory, "A JPEG frame needs more memory than there is.")
    default:
      let words = String(cCharacters: cause)
      throw ImageError(
        .damagedPixels, "A JPEG frame is damaged or incomplete.",
        cause: words.isEmpty ? nil : "DCMTK: " + words)
    }
    var picture = CodedPicture(
      columns: stream.columns, rows: stream.rows, components: components,
      precision: stream.precision, bytes: out, size: isWide ? 2 : 1)
    if warnings > 0 {
      if stream.isLossless {
        throw ImageError(.damagedPixels, "A lossless JPEG frame is damaged or incomplete.")
      }
      picture.note("jpeg_warning", "The JPEG decoder mended something in a frame.")
    }
    if stream.isLossless {
      // Bits above Bits Stored travel along here, as they do in native pixels.
      picture.kept = (min(format.bitsStored, stream.precision), 0)
    }
    if components == 3 && stream.isYBR(format.photometric) { picture.color = .ybr }
    return picture
  }
}
