import CZlib
import MedicalImaging

/// One gzip member (RFC 1952) put together of parts that were deflated apart from each other, by
/// whichever process: its head, the parts in their order, its tail.
///
/// There is no name and no time in it, so that equal input gives equal bytes.
public enum GzipMember {
  /// What is known of a part beside its bytes.
  public struct Part: Codable, Hashable, Sendable {
    /// CRC-32 of what it inflates to.
    public var checksum: UInt32
    /// Bytes that it inflates to.
    public var plainBytes: Int
    /// Bytes that it has in the file.
    public var packedBytes: Int

    public init(checksum: UInt32, plainBytes: Int, packedBytes: Int) {
      self.checksum = checksum
      self.plainBytes = plainBytes
      self.packedBytes = packedBytes
    }
  }

  /// Deflate, no flags, no time, made on Unix.
  public static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

  /// The last block, which is empty, and CRC-32 and length (modulo 2^32) of all parts together.
  public static func tail(of parts: [Part]) -> [UInt8] {
    var checksum: UInt = 0
    var length: UInt32 = 0
    for part in parts {
      checksum = crc32_combine(checksum, UInt(part.checksum), part.plainBytes)
      length &+= UInt32(truncatingIfNeeded: part.plainBytes)
    }
    // A final block of fixed codes that holds its end alone: 1, 01, 0000000 (RFC 1951 3.2.6).
    return [0x03, 0x00]
      + [UInt32(truncatingIfNeeded: checksum), length].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
  }
}
