/// An archive format, known by content alone.
public enum ArchiveKind: String, Codable, Sendable {
  case zip
  case tar
  /// gzip, bzip2, xz or Zstandard, in which a tar may lie: `TarArchive.isTar(path:)` looks inside.
  case compressed

  /// How many bytes of a file's beginning `recognise` wants: one tar block.
  public static let headCount = 512

  /// The kind that a file's first bytes announce, or nil.
  public static func recognise(head: [UInt8]) -> ArchiveKind? {
    // PKZIP APPNOTE 4.3: a local file, an empty archive, and the marker of a split one.
    for signature in [[3, 4], [5, 6], [7, 8]] as [[UInt8]]
    where head.starts(with: [0x50, 0x4B] + signature) {
      return .zip
    }
    // RFC 1952, XZ 2.1.1.1, RFC 8878 3.1.1, and "BZh", level, pi.
    let isCompressed =
      head.starts(with: [0x1F, 0x8B, 8]) || head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0])
      || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || head.starts(with: [0x42, 0x5A, 0x68])
        && head.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    if isCompressed { return .compressed }
    return isTarHeader(head) ? .tar : nil
  }

  /// True where the first block's checksum is right, whatever the dialect: the sum of its bytes, its
  /// own field taken as spaces (IEEE Std 1003.1, ustar).
  private static func isTarHeader(_ head: [UInt8]) -> Bool {
    guard head.count >= headCount, head[0] != 0 else { return false }
    var stated = 0
    for byte in head[148..<156] where byte != 0 && byte != 0x20 {
      guard (0x30...0x37).contains(byte) else { return false }
      stated = stated << 3 | Int(byte - 0x30)
    }
    let rest = head[..<148] + head[156..<512]
    return stated > 0 && rest.reduce(8 * 0x20) { $0 + Int($1) } == stated
  }
}
