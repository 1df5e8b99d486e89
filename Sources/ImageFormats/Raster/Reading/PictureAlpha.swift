import MedicalImaging

/// Pixels of one or three samples with a transparency sample behind them.
enum PictureAlpha {
  /// Takes the transparency out: samples of `channels` (1 or 3) and one more become those alone,
  /// rows packed. True beside them where some pixel was not opaque.
  static func removed(_ bytes: [UInt8], channels: Int, sample: Picture.Sample)
    -> (bytes: [UInt8], isTransparent: Bool)
  {
    switch sample {
    case .uint8: removed(bytes, channels, UInt8.self, opaque: .max)
    case .uint16: removed(bytes, channels, UInt16.self, opaque: .max)
    case .uint32: removed(bytes, channels, UInt32.self, opaque: .max)
    case .int8: removed(bytes, channels, Int8.self, opaque: .max)
    case .int16: removed(bytes, channels, Int16.self, opaque: .max)
    case .int32: removed(bytes, channels, Int32.self, opaque: .max)
    case .uint64: removed(bytes, channels, UInt64.self, opaque: .max)
    case .int64: removed(bytes, channels, Int64.self, opaque: .max)
    case .float32: removed(bytes, channels, Float.self, opaque: 1)
    case .float64: removed(bytes, channels, Double.self, opaque: 1)
    }
  }

  private static func removed<Number: BitwiseCopyable & Equatable>(
    _ bytes: [UInt8], _ channels: Int, _ type: Number.Type, opaque: Number
  ) -> (bytes: [UInt8], isTransparent: Bool) {
    let size = MemoryLayout<Number>.size
    let pixels = bytes.count / (size * (channels + 1))
    var isTransparent = false
    let out = unsafe [UInt8](unsafeUninitializedCapacity: pixels * channels * size) { out, used in
      let target = UnsafeMutableRawPointer(out.baseAddress!)
      unsafe bytes.withUnsafeBytes { source in
        var (from, to) = (0, 0)
        for _ in 0..<pixels {
          for _ in 0..<channels {
            let value = unsafe source.loadUnaligned(fromByteOffset: from, as: type)
            unsafe target.storeBytes(of: value, toByteOffset: to, as: type)
            from += size
            to += size
          }
          if unsafe source.loadUnaligned(fromByteOffset: from, as: type) != opaque {
            isTransparent = true
          }
          from += size
        }
      }
      used = pixels * channels * size
    }
    return (out, isTransparent)
  }

  /// Divides colours by the transparency that they were multiplied with (TIFF 6.0, associated
  /// alpha), in place: v x m / a rounded down, at most m, with m the largest value; 0 where a is 0.
  static func unassociate<Number: FixedWidthInteger & UnsignedInteger>(
    _ bytes: inout [UInt8], channels: Int, _ type: Number.Type
  ) {
    let most = UInt64(Number.max)
    unsafe bytes.withUnsafeMutableBytes { raw in
      let numbers = unsafe raw.bindMemory(to: Number.self)
      for start in stride(from: 0, to: numbers.count, by: channels + 1) {
        let alpha = unsafe UInt64(numbers[start + channels])
        if alpha == most { continue }
        for i in start..<start + channels {
          let value = unsafe UInt64(numbers[i])
          unsafe numbers[i] = alpha == 0 ? 0 : Number(min(value * most / alpha, most))
        }
      }
    }
  }

  static let dropped = InstanceHeader.Finding(
    "alpha", "Some pixels are transparent; their colours were taken as they are stored.")
}
