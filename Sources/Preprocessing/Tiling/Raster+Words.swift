import MedicalImaging

/// Grey of 16 bits on its way through floating point, in which it is resized.
extension Raster where Sample == Float {
  /// Of native 16-bit numbers without a sign, one a pixel, as `DisplayTable` and `PictureReader` give them.
  public init(columns: Int, rows: Int, words bytes: [UInt8]) {
    precondition(bytes.count == 2 * columns * rows)
    let values = unsafe bytes.withUnsafeBytes { raw in
      (0..<raw.count / 2).map {
        unsafe Float(raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      }
    }
    self.init(columns: columns, rows: rows, channels: 1, samples: values)
  }

  /// Samples as native 16-bit numbers: rounded half up, and held in 0...65535, which weights of a
  /// resize overshoot.
  public var words: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * samples.count)
    for sample in samples {
      let word = UInt16(min(max((sample + 0.5).rounded(.down), 0), 65_535))
      unsafe withUnsafeBytes(of: word) { unsafe bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Samples from 0 to `white` as 0...1, each times 1 / white in double precision.
  public func fractions(white: Int) -> Raster {
    let scale = 1 / Double(white)
    return Raster(
      columns: columns, rows: rows, channels: channels,
      samples: samples.map { Float(Double($0) * scale) })
  }

  /// Samples from 0 to `white` as 8 bits: rounded half up, and held in 0...255.
  public func octets(white: Int) -> Raster<UInt8> {
    let scale = 255 / Double(white)
    let octets = samples.map { sample in
      UInt8(min(max((Double(sample) * scale + 0.5).rounded(.down), 0), 255))
    }
    return Raster<UInt8>(columns: columns, rows: rows, channels: channels, samples: octets)
  }
}
