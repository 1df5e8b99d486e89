import Glibc
import MedicalImaging

/// Writes a POSIX ustar archive (IEEE Std 1003.1, pax "ustar Interchange Format") and its SHA-256
/// in one pass.
///
/// Equal members give equal bytes: time, user and group are 0, the mode is 0644, and nothing else
/// of the machine is written. The end is two zero blocks, without further padding.
public struct TarWriter: ~Copyable {
  /// Size and digest of a whole archive.
  public struct Summary: Sendable, Equatable {
    public var bytes: Int
    public var sha256: Digest
  }

  /// Where bytes go that are hashed.
  private enum Sink {
    case descriptor(Int32)
    case memory
  }

  private let sink: Sink
  private var hash = SHA256()
  /// Bytes that have left `pending`.
  private var flushed = 0
  /// Bytes that wait: few large writes and hash updates instead of many small ones.
  private var pending: [UInt8] = []
  private static let chunk = 1 << 20

  /// Writes to an open descriptor, at its position; the caller closes it.
  public init(descriptor: Int32) {
    sink = .descriptor(descriptor)
    pending.reserveCapacity(Self.chunk)
  }

  /// Keeps the archive in memory, for `finishInMemory`.
  public init() { sink = .memory }

  /// Bytes of the archive so far, without its end.
  public var size: Int { flushed + pending.count }

  /// Adds a file. The name is relative, of at most 100 bytes, or 255 where a slash lets it be cut.
  ///
  /// - Throws: `outputFull` or `permission` where the descriptor takes no more.
  public mutating func append(name: String, bytes: Span<UInt8>) throws(ImageError) {
    appendHeader(name: name, size: bytes.count)
    unsafe bytes.withUnsafeBufferPointer { unsafe pending.append(contentsOf: $0) }
    pad(bytes.count)
    if pending.count >= Self.chunk { try flush() }
  }

  /// Adds a file whose bytes are a range of another file, read piece by piece.
  ///
  /// - Throws: `truncated` where that file ends before the range does, `unreadable`, or what
  ///   writing throws.
  public mutating func append(name: String, range: Range<Int>, of source: Int32)
    throws(ImageError)
  {
    appendHeader(name: name, size: range.count)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = min(range.upperBound - offset, Self.chunk)
      let piece = try Self.read(source, at: offset, count: wanted)
      pending.append(contentsOf: piece)
      offset += piece.count
      if pending.count >= Self.chunk { try flush() }
    }
    pad(range.count)
  }

  /// Ends the archive on its descriptor.
  public consuming func finish() throws(ImageError) -> Summary {
    pending.append(contentsOf: repeatElement(0, count: 1024))
    try flush()
    return Summary(bytes: flushed, sha256: hash.finish())
  }

  /// Ends an archive in memory and gives its bytes.
  public consuming func finishInMemory() -> [UInt8] {
    guard case .memory = sink else { preconditionFailure("the archive went to a descriptor") }
    pending.append(contentsOf: repeatElement(0, count: 1024))
    return pending
  }

  private static func read(_ source: Int32, at offset: Int, count: Int) throws(ImageError)
    -> [UInt8]
  {
    var failure: Int32 = 0
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got = -1
      repeat {
        got = unsafe pread(source, buffer.baseAddress, count, off_t(offset))
      } while got < 0
        && errno == EINTR
      failure = got < 0 ? errno : 0
      filled = max(got, 0)
    }
    guard failure == 0 else {
      throw ImageError(
        .unreadable, "A spooled member could not be read back.",
        remedy: "Look at the disk that holds the temporary files, and run the same command again.",
        cause: unsafe String(cString: strerror(failure)))
    }
    guard !piece.isEmpty else {
      throw ImageError(
        .truncated, "A spooled member ends early.",
        remedy: "Run the same command again; another program changed its temporary files.")
    }
    return piece
  }

  private mutating func pad(_ size: Int) {
    pending.append(contentsOf: repeatElement(0, count: -size & 511))
  }

  private mutating func flush() throws(ImageError) {
    guard case .descriptor(let descriptor) = sink else { return }
    // Both calls throw one and the same type; the closure's type cannot say so.
    let result: Result<Void, ImageError> = unsafe pending.withUnsafeBytes { bytes in
      unsafe hash.update(bytes)
      do throws(ImageError) {
        return .success(unsafe try DescriptorOutput.write(bytes, to: descriptor))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    flushed += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func appendHeader(name: String, size: Int) {
    precondition((0..<(1 << 33)).contains(size), "ustar members are smaller than 8 GiB")
    let (prefix, rest) = Self.split(name)
    let start = pending.count
    func field(_ bytes: some Collection<UInt8>, _ width: Int, _ pending: inout [UInt8]) {
      pending.append(contentsOf: bytes)
      pending.append(contentsOf: repeatElement(0, count: width - bytes.count))
    }
    field(rest, 100, &pending)
    field("0000644".utf8, 8, &pending)  // mode
    field("0000000".utf8, 8, &pending)  // user
    field("0000000".utf8, 8, &pending)  // group
    field(Self.octal(size, digits: 11), 12, &pending)
    field("00000000000".utf8, 12, &pending)  // time
    field("        0".utf8, 9, &pending)  // checksum, taken as spaces; a regular file
    field([], 100, &pending)  // no link
    field("ustar".utf8, 6, &pending)
    field("00".utf8, 2, &pending)
    field([], 32 + 32, &pending)  // no names of user and group
    field("0000000".utf8, 8, &pending)  // no device
    field("0000000".utf8, 8, &pending)
    field(prefix, 155, &pending)
    field([], 12, &pending)
    let sum = pending[start...].reduce(0) { $0 + Int($1) }
    pending.replaceSubrange(
      (start + 148)..<(start + 156), with: Self.octal(sum, digits: 6) + [0, 0x20])
  }

  /// The prefix and the name field: cut at a slash where the whole is longer than the name field.
  private static func split(_ name: String) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)
  {
    let bytes = ArraySlice(name.utf8)
    precondition(!bytes.isEmpty && bytes.first != UInt8(ascii: "/") && !bytes.contains(0))
    if bytes.count <= 100 { return ([], bytes) }
    let slash = bytes.suffix(101).firstIndex(of: UInt8(ascii: "/"))
    guard let slash, slash <= 155, slash < bytes.count - 1 else {
      preconditionFailure("a member's name does not fit into a ustar header")
    }
    return (bytes[..<slash], bytes[(slash + 1)...])
  }

  private static func octal(_ number: Int, digits: Int) -> [UInt8] {
    (0..<digits).map { UInt8(ascii: "0") + UInt8(number >> (3 * (digits - 1 - $0)) & 7) }
  }
}
