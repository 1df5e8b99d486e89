/// One ordinary picture (PNG, JPEG, TIFF, JPEG 2000) as its file holds it: upright, without
/// transparency, and otherwise unchanged.
public struct Picture: Sendable, Equatable {
  /// The type of one sample in `bytes`, native endian.
  public enum Sample: String, Codable, Sendable, CaseIterable {
    case uint8, int8, uint16, int16, uint32, int32, float32, float64

    /// Bytes of one sample.
    public var size: Int {
      switch self {
      case .uint8, .int8: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .float64: 8
      }
    }
    public var isSigned: Bool { self != .uint8 && self != .uint16 && self != .uint32 }
    public var isFloat: Bool { self == .float32 || self == .float64 }
  }

  public var columns: Int
  public var rows: Int
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int
  /// The type of a sample.
  public var sample: Sample
  /// Bits of a sample that mean something, counted from the lowest: unsigned samples lie in
  /// 0...2^bits - 1. Grey of 1, 2 and 4 bits is spread over 8 and counts as 8.
  public var bits: Int
  /// Row by row from the top, samples of a pixel side by side: rows x columns x channels x
  /// sample.size.
  public var bytes: [UInt8]
  /// Which page of its file it is, counted from 0.
  public var page: Int
  /// What was odd about it, and how it was taken.
  public var findings: [InstanceHeader.Finding]

  public init(
    columns: Int, rows: Int, channels: Int, sample: Sample, bits: Int, bytes: [UInt8],
    page: Int = 0, findings: [InstanceHeader.Finding] = []
  ) {
    precondition(columns > 0 && rows > 0 && (channels == 1 || channels == 3))
    precondition(bytes.count == columns * rows * channels * sample.size)
    self.columns = columns
    self.rows = rows
    self.channels = channels
    self.sample = sample
    self.bits = bits
    self.bytes = bytes
    self.page = page
    self.findings = findings
  }

  /// How many samples are NaN or infinite; 0 where they are integers.
  public var nonFiniteCount: Int {
    switch sample {
    case .float32: count(Float.self) { !$0.isFinite }
    case .float64: count(Double.self) { !$0.isFinite }
    default: 0
    }
  }

  private func count<Number: BitwiseCopyable>(
    _ type: Number.Type, where isCounted: (Number) -> Bool
  ) -> Int {
    unsafe bytes.withUnsafeBytes { raw in
      var count = 0
      for offset in stride(from: 0, to: raw.count, by: MemoryLayout<Number>.size)
      where isCounted(unsafe raw.loadUnaligned(fromByteOffset: offset, as: type)) {
        count += 1
      }
      return count
    }
  }
}
