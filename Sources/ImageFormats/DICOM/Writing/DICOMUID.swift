import MedicalImaging

/// Unique identifiers made here: under 2.25, from 128 bits, without a registration (PS3.5 B.2).
public enum DICOMUID {
  /// The identifier that a digest's first 128 bits stand for, as a UUID of version 8 (RFC 9562).
  public static func derived(from digest: Digest) -> String {
    var bytes = Array(digest.bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return "2.25." + String(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
  }
}
