/// One frame of decoded stored values, before any transformation of the grey scale (PS3.5 8.1).
///
/// Grey planes hold Bits Stored values, sign extended into their type, nothing above the high bit;
/// pictures of one bit hold 0 and 1; floating-point ones hold what the file does, NaN included.
/// Colour planes hold interleaved red, green and blue.
public struct StoredPlane: Sendable, Equatable {
  /// The type of one sample in `bytes`, native endian.
  public enum Sample: String, Codable, Sendable, CaseIterable {
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

    /// Bytes.
    public var size: Int {
      switch self {
      case .uint8, .int8: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }
    /// Of whole numbers.
    public var isSigned: Bool {
      switch self {
      case .int8, .int16, .int32, .int64: true
      case .uint8, .uint16, .uint32, .uint64, .float32, .float64: false
      }
    }
    public var isFloat: Bool { self == .float32 || self == .float64 }
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
