import CCharLS
import MedicalImaging

/// JPEG-LS, lossless and near-lossless, through CharLS.
struct JPEGLSDecoder {
  private let format: PixelFormat
  private let memoryLimit: Int

  init(_ format: PixelFormat, _ memoryLimit: Int) {
    self.format = format
    self.memoryLimit = memoryLimit
  }

  /// Throws `.damagedPixels`, `.unsupportedPixels` or `.memory`.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> CodedPicture {
    // CharLS demands the end marker as well, but may count zeros for half a minute until it misses it.
    guard unsafe Self.hasEnd(bytes) else {
      throw ImageError(.damagedPixels, "A JPEG-LS frame lacks its end.")
    }
    guard let decoder = unsafe charls_jpegls_decoder_create() else {
      throw ImageError(.memory, "The JPEG-LS decoder could not be started.")
    }
    defer { unsafe charls_jpegls_decoder_destroy(decoder) }
    var info = charls_frame_info()
    try unsafe Self.check(
      charls_jpegls_decoder_set_source_buffer(decoder, bytes.baseAddress!, bytes.count))
    try unsafe Self.check(charls_jpegls_decoder_read_header(decoder))
    try unsafe Self.check(charls_jpegls_decoder_get_frame_info(decoder, &info))
    let components = Int(info.component_count)
    guard components == 1 || components == 3 else {
      throw ImageError(.unsupportedPixels, "A JPEG-LS frame has neither one nor three components.")
    }
    let isWide = info.bits_per_sample > 8
    let total = try Budget.bytes(
      Int(info.height), Int(info.width), components, isWide ? 4 : 2, limit: memoryLimit)
    let size = total / 2
    var needed = 0
    try unsafe Self.check(charls_jpegls_decoder_get_destination_size(decoder, 0, &needed))
    guard needed == size else {
      throw ImageError(.damagedPixels, "A JPEG-LS frame contradicts itself about its size.")
    }
    var out = [UInt8](repeating: 0, count: size)
    let status = unsafe out.withUnsafeMutableBytes { buffer in
      unsafe charls_jpegls_decoder_decode_to_buffer(decoder, buffer.baseAddress!, size, 0)
    }
    try Self.check(status)
    var mode = CHARLS_INTERLEAVE_MODE_NONE
    try unsafe Self.check(charls_jpegls_decoder_get_interleave_mode(decoder, &mode))
    if components == 3 && mode == CHARLS_INTERLEAVE_MODE_NONE {
      out = unsafe out.withBytes { unsafe ColorConversion.interleaved($0, size: isWide ? 2 : 1) }
    }
    var picture = CodedPicture(
      columns: Int(info.width), rows: Int(info.height), components: components,
      precision: Int(info.bits_per_sample), bytes: out, size: isWide ? 2 : 1)
    switch format.photometric {
    case .ybrFull, .ybrFull422: picture.color = .ybr
    default: break
    }
    return picture
  }

  /// Whether an end marker, FFD9, stands anywhere; coded data cannot hold one (ISO/IEC 14495-1 A.1).
  private static func hasEnd(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
    var at = span.count - 2
    while at >= 0 {
      if span[at] == 0xFF && span[at + 1] == 0xD9 { return true }
      at -= 1
    }
    return false
  }

  private static func check(_ status: charls_jpegls_errc) throws(ImageError) {
    guard status != CHARLS_JPEGLS_ERRC_SUCCESS else { return }
    let words = unsafe String(cString: charls_get_error_message(status))
    if status == CHARLS_JPEGLS_ERRC_NOT_ENOUGH_MEMORY {
      throw ImageError(.memory, "A JPEG-LS frame needs more memory than there is.")
    }
    throw ImageError(
      .damagedPixels, "A JPEG-LS frame is damaged or incomplete.", cause: "CharLS: " + words)
  }
}
