/// One frame of decoded stored values, before any transformation of the grey scale (PS3.5 8.1).
///
/// Grey planes hold Bits Stored values, sign extended into their type, nothing above the high bit.
/// Colour planes hold interleaved red, green and blue.
public struct StoredPlane: Sendable, Equatable {
  /// The type of one sample in `bytes`, native endian.
  public enum Sample: String, Codable, Sendable {
    case uint8, int8, uint16, int16

    public var size: Int { self == .uint8 || self == .int8 ? 1 : 2 }
    public var isSigned: Bool { self == .int8 || self == .int16 }
  }

  public var columns: Int
  public var rows: Int
  /// 1 (grey or palette index) or 3 (red, green, blue).
  public var samplesPerPixel: Int
  public var sample: Sample
  /// Row by row, samples of a pixel side by side: rows x columns x samplesPerPixel x sample.size.
  public var bytes: [UInt8]

  public init(columns: Int, rows: Int, samplesPerPixel: Int, sample: Sample, bytes: [UInt8]) {
    precondition(bytes.count == columns * rows * samplesPerPixel * sample.size)
    self.columns = columns
    self.rows = rows
    self.samplesPerPixel = samplesPerPixel
    self.sample = sample
    self.bytes = bytes
  }
}
