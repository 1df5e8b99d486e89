/// Samples of a picture in memory: row by row from the top, those of a pixel side by side.
///
/// 8-bit display values where `Sample` is `UInt8`; 16-bit ones and modality values where it is `Float`.
public struct Raster<Sample: RasterSample>: Hashable, Sendable {
  public let columns, rows: Int
  /// Samples of a pixel: 1 grey, 3 red, green, blue; any other number are planes of one kind.
  public let channels: Int
  /// rows x columns x channels.
  public let samples: [Sample]

  /// Sides and channels are at least 1.
  public init(columns: Int, rows: Int, channels: Int, samples: [Sample]) {
    precondition(columns > 0 && rows > 0 && channels > 0)
    precondition(samples.count == columns * rows * channels)
    (self.columns, self.rows, self.channels) = (columns, rows, channels)
    self.samples = samples
  }
}

/// What a raster's samples may be.
public protocol RasterSample: Hashable, Sendable, BitwiseCopyable, Numeric {}

extension UInt8: RasterSample {}
extension Float: RasterSample {}
