import CISAL
import MedicalImaging

/// The bytes inside a gzip source (RFC 1952), inflated by ISA-L straight into their place, one part
/// after the other, and checked against CRC-32 and length at the end of each member.
///
/// Several members in a row are one stream; what is no member behind one is ignored, as gzip does.
/// It can start again, and never holds more than its window.
@safe final class GzipStream {
  /// How it ended.
  enum End {
    case sound
    /// The source is at its end within a member.
    case truncated
    /// No gzip, or a wrong checksum or length.
    case damaged
  }

  private let source: SourceBytes
  private let inflater: OpaquePointer
  /// Compressed bytes that were taken.
  private var consumed = 0
  /// Inflated bytes that were given.
  private(set) var position = 0
  /// Nil while it runs.
  private(set) var end: End?
  /// Whether something that is no member lies behind the last one.
  private(set) var hasBytesBehind = false
  private var scratch: [UInt8] = []

  init(_ source: SourceBytes) {
    self.source = source
    guard let inflater = unsafe cisal_inflater_open() else {
      // Fails only where the process is out of memory.
      fatalError("an inflater could not be started: cannot allocate memory")
    }
    unsafe self.inflater = inflater
  }

  deinit { unsafe cisal_inflater_close(inflater) }

  /// Whether first bytes are those of a gzip member: magic, deflate, no reserved flag.
  static func recognises(head: [UInt8]) -> Bool {
    head.count >= 4 && head.starts(with: [0x1F, 0x8B, 8]) && head[3] & 0xE0 == 0
  }

  /// The most bytes that the source can inflate to: deflate gives at most 1,032 for one
  /// (zlib's technical notes: 258 bytes take two bits at least).
  var mostBytes: Int {
    let (most, overflow) = source.count.multipliedReportingOverflow(by: 1032)
    return overflow ? .max : most
  }

  /// Fills the memory from `position` on; gives fewer bytes only at the end.
  func read(into out: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < out.count, end == nil {
      let (used, made) = unsafe inflate(
        into: UnsafeMutableRawBufferPointer(rebasing: out[filled...]))
      filled += made
      position += made
      if used == 0 && made == 0 && end == nil && consumed == source.count { end = .truncated }
    }
    return filled
  }

  /// Goes forward to an inflated position; false where the end comes first.
  func skip(to target: Int) -> Bool {
    if target > position && scratch.isEmpty {
      scratch = [UInt8](repeating: 0, count: 1 << 18)
    }
    while position < target, end == nil {
      let part = min(scratch.count, target - position)
      unsafe scratch.withUnsafeMutableBytes { scratch in
        _ = unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<part]))
      }
    }
    return position == target
  }

  /// Reads to the end, so that the last checksum is compared.
  func finish() -> End {
    while end == nil { _ = skip(to: position + (1 << 18)) }
    return end ?? .sound
  }

  /// Starts again at the first byte.
  func rewind() {
    unsafe cisal_inflater_reset(inflater)
    consumed = 0
    position = 0
    end = nil
    hasBytesBehind = false
  }

  private func inflate(into out: UnsafeMutableRawBufferPointer) -> (used: Int, made: Int) {
    var (used, made) = (0, 0)
    let status = unsafe source.withUnsafeBytes { bytes in
      // An empty rest has an address too, one behind the last byte.
      unsafe cisal_inflate(
        inflater, bytes.baseAddress! + consumed, bytes.count - consumed, out.baseAddress, out.count,
        &used, &made)
    }
    consumed += used
    switch Int(status) {
    case Int(CISAL_RUNNING): break
    case Int(CISAL_MEMBER_ENDED): endMember()
    default: end = .damaged
    }
    return (used, made)
  }

  private func endMember() {
    let rest = source.copy(consumed..<min(consumed + 4, source.count))
    if Self.recognises(head: rest) {
      unsafe cisal_inflater_reset(inflater)
    } else {
      end = .sound
      hasBytesBehind = !rest.isEmpty
    }
  }
}
