import CTurboJPEG
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
    guard let decoder = unsafe tjInitDecompress() else {
      throw ImageError(.memory, "The JPEG decoder could not be started.")
    }
    defer { unsafe tjDestroy(decoder) }
    let components = stream.componentIDs.count
    let size = stream.rows * stream.columns * components
    var status: Int32 = 0
    let out = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      unsafe buffer.initialize(repeating: 0)
      status = unsafe tjDecompress2(
        decoder, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt(bytes.count),
        buffer.baseAddress, Int32(stream.columns), 0, Int32(stream.rows),
        Int32((components == 1 ? TJPF_GRAY : TJPF_RGB).rawValue),
        TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
      used = size
    }
    var picture = CodedPicture(
      columns: stream.columns, rows: stream.rows, components: components, precision: 8, bytes: out,
      size: 1)
    if components == 3 && isYBR == (format.photometric == .rgb) {
      picture.note(
        "jpeg_color", "The JPEG frame's colour model is not the header's; the frame was believed.")
    }
    guard status != 0 else { return picture }
    let words = unsafe String(cString: tjGetErrorStr2(decoder))
    let isWarning = unsafe tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
    if !isWarning || words.contains("Premature end") {
      throw ImageError(
        .damagedPixels, "A JPEG frame is damaged or incomplete.", cause: "libjpeg-turbo: " + words)
    }
    picture.note("jpeg_warning", "The JPEG decoder mended something in a frame.")
    return picture
  }
}
