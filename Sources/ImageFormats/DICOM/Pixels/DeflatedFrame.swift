import CDCMTK
import MedicalImaging

/// A frame of Deflated Image Frame Compression (PS3.5 A.4): a deflate stream (RFC 1951) of what a
/// native frame holds.
enum DeflatedFrame {
  /// Throws `.damagedPixels` where it is no such stream, or holds more than `limit` bytes.
  static func inflate(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(ImageError) -> [UInt8] {
    var out: UnsafeMutablePointer<UInt8>?
    var length = 0
    let status = unsafe cdcmtk_inflate(bytes.baseAddress, bytes.count, limit, &out, &length)
    defer { unsafe cdcmtk_free(out) }
    // What follows the stream is the padding of its fragment.
    guard status == cdcmtk_ok || status == cdcmtk_truncated, let out = unsafe out else {
      throw ImageError(.damagedPixels, "A deflated frame cannot be inflated.")
    }
    return unsafe Array(UnsafeBufferPointer(start: out, count: length))
  }
}
