import MedicalImaging

/// Cyan, magenta, yellow and black to red, green and blue without a colour profile, as Pillow's
/// `convert("RGB")` does it: R = (m - K) - round(C x (m - K) / m), with m the largest value.
enum PictureInks {
  /// Four bytes a pixel become three. Where `isInverted`, 255 stands for no ink.
  static func rgb8(_ inks: [UInt8], isInverted: Bool) -> [UInt8] {
    let flip: UInt8 = isInverted ? 0xFF : 0
    return convert(inks, UInt8.self) { ink, black in
      let rest = UInt32(~(black ^ flip))
      // Exact: (x + 128 + (x + 128) / 256) / 256 is round(x / 255) for x up to 255 * 255.
      let product = UInt32(ink ^ flip) * rest + 128
      return UInt8(truncatingIfNeeded: rest - (product >> 8 + product) >> 8)
    }
  }

  /// Four 16-bit samples a pixel become three.
  static func rgb16(_ inks: [UInt8]) -> [UInt8] {
    convert(inks, UInt16.self) { ink, black in
      let rest = UInt64(~black)
      return UInt16(truncatingIfNeeded: rest - (UInt64(ink) * rest + 32767) / 65535)
    }
  }

  static let converted = InstanceHeader.Finding(
    "inks", "Cyan, magenta, yellow and black were turned into colours without a colour profile.")

  private static func convert<Number: BitwiseCopyable>(
    _ inks: [UInt8], _ type: Number.Type, _ blend: (_ ink: Number, _ black: Number) -> Number
  ) -> [UInt8] {
    let size = MemoryLayout<Number>.size
    let pixels = inks.count / (4 * size)
    return unsafe [UInt8](unsafeUninitializedCapacity: 3 * size * pixels) { out, used in
      let target = UnsafeMutableRawPointer(out.baseAddress!)
      unsafe inks.withUnsafeBytes { source in
        for pixel in 0..<pixels {
          let from = 4 * size * pixel
          let black = unsafe source.loadUnaligned(fromByteOffset: from + 3 * size, as: type)
          for channel in 0..<3 {
            let ink = unsafe source.loadUnaligned(fromByteOffset: from + channel * size, as: type)
            unsafe target.storeBytes(
              of: blend(ink, black), toByteOffset: (3 * pixel + channel) * size, as: type)
          }
        }
      }
      used = 3 * size * pixels
    }
  }
}
