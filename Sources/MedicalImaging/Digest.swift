import CCrypto

/// SHA-256 of bytes that come in pieces (FIPS 180-4).
@safe public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  public init() {
    // Both calls fail only where the process is out of memory.
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    else { fatalError("libcrypto could not start a SHA-256") }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The 32 bytes of the digest. The hash is spent.
  public consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return Digest(bytes: bytes)
  }

  /// SHA-256 of bytes in one piece.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hash = SHA256()
    unsafe hash.update(bytes)
    return hash.finish()
  }

  /// SHA-256 of the UTF-8 of a text.
  public static func hash(_ text: String) -> Digest {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }
}

/// 32 bytes that stand for others.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Lower-case hexadecimal.
  public var hex: String { Self.hex(bytes) }
  public var description: String { hex }

  /// The first 8 bytes as a big-endian number, for seeds and dealing.
  public var leading: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  public static func < (a: Digest, b: Digest) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Names that stand for others and cannot be traced back without the salt: HMAC-SHA-256 (RFC 2104).
public struct Pseudonyms: Sendable {
  private let salt: [UInt8]

  public init(salt: [UInt8]) { self.salt = salt }

  /// HMAC-SHA-256(salt, kind, 0, value).
  public func digest(_ kind: String, _ value: String) -> Digest {
    let message = Array(kind.utf8) + [0] + Array(value.utf8)
    var out = [UInt8](repeating: 0, count: 32)
    unsafe out.withUnsafeMutableBufferPointer { out in
      _ = unsafe HMAC(
        EVP_sha256(), salt, Int32(salt.count), message, message.count, out.baseAddress, nil)
    }
    return Digest(bytes: out)
  }

  /// The digest's first 128 bits in lower-case hexadecimal.
  public func name(_ kind: String, _ value: String) -> String {
    Digest.hex(Array(digest(kind, value).bytes.prefix(16)))
  }
}
