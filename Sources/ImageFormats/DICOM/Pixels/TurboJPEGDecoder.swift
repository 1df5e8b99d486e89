import MedicalImaging

/// 8-bit DCT pictures through libjpeg-turbo: accurate integer transform, smooth chrominance.
struct TurboJPEGDecoder {
  private let format: PixelFormat
  private let memoryLimit: Int

  init(_ format: PixelFormat, _ memoryLimit: Int) {
    self.format = format
    self.memoryLimit = memoryLimit
  }

  /// Throws `.damagedPixels`, `.unsupportedPixels` or `.memory`.
  func decode(_ bytes: UnsafeRawBufferPointer, _ stream: JPEGStream) throws(ImageError)
    -> CodedPicture
  {
    let components = stream.componentIDs.count
    guard components == 1 || components == 3 else {
      throw ImageError(.unsupportedPixels, "A JPEG frame has neither one nor three components.")
    }
    // A progressive picture keeps its coefficients, two bytes each, blocks padded.
    _ = try Budget.bytes(
      stream.rows, stream.columns, components, stream.isProgressive ? 5 : 2, limit: memoryLimit)
    let isYBR = components == 3 && stream.isYBR(format.photometric)
    if components == 3 && isYBR != stream.libjpegTakesForYBR {
      let marked = unsafe stream.marked(bytes, transform: isYBR ? 1 : 0)
      return unsafe try marked.withBytes { (all) throws(ImageError) in
        try unsafe run(all, stream, isYBR)
      }
    }
    return try unsafe run(bytes, stream, isYBR)
  }

  private func run(_ bytes: UnsafeRawBufferPointer, _ stream: JPEGStream, _ isYBR: Bool)
    throws(ImageError) -> CodedPicture
  {
    let components = stream.componentIDs.count
    let decoded = try unsafe TurboJPEG(
      bytes, columns: stream.columns, rows: stream.rows, components == 1 ? .grey : .rgb)
    guard decoded.outcome == .whole || decoded.outcome == .mended else {
      throw ImageError(
        .damagedPixels, "A JPEG frame is damaged or incomplete.", cause: decoded.words)
    }
    var picture = CodedPicture(
      columns: stream.columns, rows: stream.rows, components: components, precision: 8,
      bytes: decoded.bytes, size: 1)
    if components == 3 && isYBR == (format.photometric == .rgb) {
      picture.note(
        "jpeg_color", "The JPEG frame's colour model is not the header's; the frame was believed.")
    }
    if decoded.outcome == .mended {
      picture.note("jpeg_warning", "The JPEG decoder mended something in a frame.")
    }
    return picture
  }
}
