import MedicalImaging

/// Samples that can be resized, laid on a ground and brought into a tensor: `UInt8` and `Float`.
public protocol PatchedSample: RasterSample {
  static func resized(
    _ samples: [Self], channels: Int, by resize: PictureResize
  ) -> [Self]
  /// The sample that shows a ground given in 8 bits; `range` is black to white in floating point.
  static func ground(_ byte: UInt8, in range: ClosedRange<Float>) -> Self
  /// How many samples of a picture are no finite numbers.
  static func nonFinite(_ raster: Raster<Self>) -> NonFiniteCount
  /// Brings a canvas into its part of a tensor.
  static func write(_ canvas: Raster<Self>, to target: PixelTarget)
}

extension UInt8: PatchedSample {
  public static func resized(
    _ samples: [UInt8], channels: Int, by resize: PictureResize
  ) -> [UInt8] { resize(samples, channels: channels) }

  public static func ground(_ byte: UInt8, in range: ClosedRange<Float>) -> UInt8 { byte }

  public static func nonFinite(_ raster: Raster<UInt8>) -> NonFiniteCount { NonFiniteCount() }

  /// By one table a channel: what each of 256 samples becomes.
  public static func write(_ canvas: Raster<UInt8>, to target: PixelTarget) {
    let scales = target.scales
    let values = scales.flatMap { scale in
      (UInt8.min...UInt8.max).map { PixelStatistics.value($0, scale) }
    }
    switch target.form.scalar {
    case .float32: target.write(canvas, byTable: values)
    case .float16: target.write(canvas, byTable: values.map { Float16($0).bitPattern })
    default: target.write(canvas, byTable: values.map(\.bfloat16))
    }
  }
}

extension Float: PatchedSample {
  public static func resized(
    _ samples: [Float], channels: Int, by resize: PictureResize
  ) -> [Float] { resize(samples, channels: channels) }

  public static func ground(_ byte: UInt8, in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * (Float(byte) / 255)
  }

  public static func nonFinite(_ raster: Raster<Float>) -> NonFiniteCount { raster.nonFinite }

  public static func write(_ canvas: Raster<Float>, to target: PixelTarget) {
    switch target.form.scalar {
    case .float32: target.write(canvas) { $0 }
    case .float16: target.write(canvas) { Float16($0).bitPattern }
    default: target.write(canvas, as: \.bfloat16)
    }
  }

  /// The bits of the nearest bfloat16 of a number that is not NaN, ties to even.
  var bfloat16: UInt16 {
    let bits = bitPattern
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}
