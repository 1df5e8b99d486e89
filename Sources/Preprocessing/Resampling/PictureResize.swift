import CResample
import MedicalImaging

/// Resizes pictures as Pillow's `Image.resize` does without `reducing_gap`, of 8 bits byte for byte and of
/// floating point bit for bit: a convolution that widens when a picture shrinks, along rows and along
/// columns one after the other. Samples are rounded after each; weights of 8-bit samples are whole
/// numbers of 1/2^22.
///
/// Which comes first is seen in the bytes. Pillow 13 begins with the height where that loses more than
/// twice as many pixels as the width does; Pillow before it always began with the width.
///
/// No thread is started. Any number of threads may resize by one value.
public struct PictureResize: Sendable {
  public let columns, rows: Int
  private let sourceColumns, sourceRows: Int
  private let filter: ResizeFilter
  /// Takes the code that runs on every processor, though this one has a faster one.
  var isPortable = false

  /// A side that keeps its length is left alone, as Pillow leaves it. All sides are at least 1.
  public init(
    columns: Int, rows: Int, toColumns: Int, toRows: Int, filter: ResizeFilter = .bicubic
  ) {
    precondition(columns > 0 && rows > 0 && toColumns > 0 && toRows > 0)
    (sourceColumns, sourceRows) = (columns, rows)
    (self.columns, self.rows) = (toColumns, toRows)
    self.filter = filter
  }

  /// The picture of the new size; row by row, `channels` samples of a pixel side by side, both ways.
  /// Channels do not touch each other, whatever they mean: Pillow's modes `L`, `RGB` and `CMYK`.
  public func callAsFunction(_ pixels: [UInt8], channels: Int) -> [UInt8] {
    resized(pixels, channels, CRESAMPLE_BYTE) { $0.paired() }
  }

  /// The same of floating point, with weights and sums in double precision: Pillow's mode `F`, of each
  /// channel.
  ///
  /// NaN and infinities reach every sample that they have a weight in, even one of 0.
  public func callAsFunction(_ values: [Float], channels: Int) -> [Float] {
    resized(values, channels, CRESAMPLE_FLOAT) { $0.exact() }
  }

  /// The same of 8-bit pixels whose last channel is their opacity: Pillow's modes `LA` and `RGBA`. The
  /// others are multiplied by it on the way, so that what cannot be seen lends no colour to what can,
  /// and rounded to 8 bits then too. A picture that keeps its size keeps every byte.
  public func weighingOpacity(_ pixels: [UInt8], channels: Int) -> [UInt8] {
    precondition(channels > 1 && pixels.count == sourceColumns * sourceRows * channels)
    guard columns != sourceColumns || rows != sourceRows else { return pixels }
    let weighed = unsafe [UInt8](unsafeUninitializedCapacity: pixels.count) { out, used in
      unsafe cresample_premultiply(
        pixels, sourceColumns * sourceRows, channels, out.baseAddress)
      used = pixels.count
    }
    var resized = self(weighed, channels: channels)
    unsafe resized.withUnsafeMutableBufferPointer { resized in
      unsafe cresample_unpremultiply(resized.baseAddress, columns * rows, channels)
    }
    return resized
  }

  private func resized<Sample: BitwiseCopyable, Weight: BitwiseCopyable>(
    _ samples: [Sample], _ channels: Int, _ kind: cresample_sample,
    weights: (ResizeWeights) -> [Weight]
  ) -> [Sample] {
    precondition(channels > 0 && samples.count == sourceColumns * sourceRows * channels)
    let startsDown = rows < sourceRows && 2 * (sourceColumns - columns) < sourceRows - rows
    let across = ResizeWeights(from: sourceColumns, to: columns, filter: filter)
    let down = ResizeWeights(from: sourceRows, to: rows, filter: filter)
    return unsafe across.withAxis(weights) { across in
      unsafe down.withAxis(weights) { down in
        let room = unsafe cresample_scratch(kind, channels, across, down)
        return unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 32) { scratch in
          unsafe [Sample](unsafeUninitializedCapacity: columns * rows * channels) { out, used in
            unsafe cresample_resize(
              kind, samples, channels, across, down, startsDown ? 1 : 0, out.baseAddress,
              scratch.baseAddress, isPortable ? CRESAMPLE_PORTABLE : CRESAMPLE_BEST)
            used = columns * rows * channels
          }
        }
      }
    }
  }
}
