import Glibc
import MedicalImaging

/// The bytes of one source: a file mapped read-only, or memory of its own (members of archives).
///
/// A mapped file must not be shortened while it is open: the kernel answers a read behind its new
/// end with SIGBUS.
@safe public final class SourceBytes: @unchecked Sendable {
  // Sendable: both stay as they are from init to deinit, and nothing writes to the memory.
  private let start: UnsafeRawPointer
  private let isMapped: Bool
  /// Number of bytes.
  public let count: Int

  /// Maps a file. Throws `.missing`, `.permission`, `.empty` or `.unreadable`.
  public init(path: String) throws(ImageError) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Self.error(errno) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw Self.error(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ImageError(.unreadable, "It is not a regular file.", remedy: "Name a file.")
    }
    guard status.st_size > 0 else { throw ImageError(.empty, "The file is empty.") }
    count = Int(status.st_size)
    guard let map = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0),
      unsafe map != MAP_FAILED
    else { throw Self.error(errno) }
    unsafe start = UnsafeRawPointer(map)
    isMapped = true
  }

  /// Copies bytes. Throws `.empty` where there are none.
  public init(_ bytes: [UInt8]) throws(ImageError) {
    guard !bytes.isEmpty else { throw ImageError(.empty, "The source is empty.") }
    count = bytes.count
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    unsafe copy.copyBytes(from: bytes)
    unsafe start = UnsafeRawPointer(copy.baseAddress!)
    isMapped = false
  }

  deinit {
    if isMapped {
      unsafe munmap(UnsafeMutableRawPointer(mutating: start), count)
    } else {
      unsafe start.deallocate()
    }
  }

  /// Calls `body` with all bytes; the pointer is good for the call.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A copy of a part; the part must lie inside.
  public func copy(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe withUnsafeBytes { unsafe Array($0[range]) }
  }

  /// A copy of at most `length` first bytes, enough to recognise a format.
  public func head(_ length: Int) -> [UInt8] { copy(0..<min(length, count)) }

  private static func error(_ number: Int32) -> ImageError {
    let cause = unsafe strerror(number).map { unsafe String(cString: $0) }
    switch number {
    case ENOENT, ENOTDIR: return ImageError(.missing, "There is no such file.", cause: cause)
    case EACCES, EPERM: return ImageError(.permission, "The file may not be read.", cause: cause)
    case ENOMEM: return ImageError(.memory, "The file could not be mapped.", cause: cause)
    default: return ImageError(.unreadable, "The file could not be read.", cause: cause)
    }
  }
}
