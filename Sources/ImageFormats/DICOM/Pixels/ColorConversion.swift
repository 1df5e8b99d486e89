/// Colour models to red, green and blue (PS3.3 C.7.6.3.1.2).
enum ColorConversion {
  /// Converts 8-bit luminance and chrominance, full range, side by side, in place:
  /// R = Y + 1.402 (Cr - 128), G = Y - 0.344 (Cb - 128) - 0.714 (Cr - 128),
  /// B = Y + 1.772 (Cb - 128), rounded to the nearest.
  static func ybrToRGB(_ bytes: inout [UInt8]) {
    // Fixed point with 16 bits: the sum is within 2e-5 of the true one before it is rounded.
    let scale = 65536.0
    let red = (0..<256).map { Int32((1.402 * Double($0 - 128) + 0.5).rounded(.down)) }
    let blue = (0..<256).map { Int32((1.772 * Double($0 - 128) + 0.5).rounded(.down)) }
    let greenB = (0..<256).map {
      Int32((-0.114 * 1.772 / 0.587 * Double($0 - 128) * scale).rounded()) + 32768
    }
    let greenR = (0..<256).map {
      Int32((-0.299 * 1.402 / 0.587 * Double($0 - 128) * scale).rounded())
    }
    func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(value, 0), 255)) }
    var i = 0
    while i + 2 < bytes.count {
      let y = Int32(bytes[i])
      let cb = Int(bytes[i + 1])
      let cr = Int(bytes[i + 2])
      bytes[i] = clamped(y + red[cr])
      bytes[i + 1] = clamped(y + (greenB[cb] + greenR[cr]) >> 16)
      bytes[i + 2] = clamped(y + blue[cb])
      i += 3
    }
  }

  /// Y1 Y2 Cb Cr of YBR_FULL_422 -> Y1 Cb Cr Y2 Cb Cr: chrominance is shared by pairs of columns.
  static func expanded422(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var out = [UInt8]()
    out.reserveCapacity(bytes.count / 4 * 6)
    for i in stride(from: 0, to: bytes.count - 3, by: 4) {
      let (y1, y2, cb, cr) = unsafe (bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3])
      out.append(y1)
      out.append(cb)
      out.append(cr)
      out.append(y2)
      out.append(cb)
      out.append(cr)
    }
    return out
  }

  /// Three planes one after the other -> samples of a pixel side by side; `size` bytes a sample.
  static func interleaved(_ planes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
    let plane = planes.count / 3
    return unsafe [UInt8](unsafeUninitializedCapacity: plane * 3) { out, used in
      for channel in 0..<3 {
        for pixel in 0..<plane / size {
          for byte in 0..<size {
            unsafe out[(pixel * 3 + channel) * size + byte] =
              planes[channel * plane + pixel * size + byte]
          }
        }
      }
      used = plane * 3
    }
  }
}
