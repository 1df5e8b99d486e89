import CArchive
import CZlib
import Glibc

/// The bytes inside a gzip file (RFC 1952), checked against its CRC-32 and length: libarchive's own
/// gzip filter passes over both, and a flipped bit would become a changed pixel.
@safe final class GzipSource {
  private enum State {
    case running, ended, failed
  }

  private let descriptor: Int32
  private let stream: UnsafeMutablePointer<z_stream>
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  /// What of `input` is not yet inflated.
  private var waiting = 0..<0
  private var state = State.running

  /// Reads from the descriptor's position on; the caller closes it, after this.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 16 asks for gzip's header and trailer, 15 for the largest window.
    let status = unsafe inflateInit2_(
      stream, 16 + 15, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { state = .failed }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// True where a file's first bytes are those of gzip.
  static func recognise(descriptor: Int32) -> Bool {
    var head: [UInt8] = [0, 0]
    return unsafe pread(descriptor, &head, 2, 0) == 2 && head == [0x1F, 0x8B]
  }

  /// Lets libarchive read from here; the source must outlive the archive.
  func open(_ archive: OpaquePointer) {
    unsafe archive_read_open(
      archive, Unmanaged.passUnretained(self).toOpaque(), nil,
      { _, context, out in
        guard let context = unsafe context, let out = unsafe out else { return -1 }
        let source = unsafe Unmanaged<GzipSource>.fromOpaque(context).takeUnretainedValue()
        guard let count = source.next() else { return -1 }
        // The piece stays in place until the next call.
        unsafe source.output.withUnsafeBytes { unsafe out.pointee = $0.baseAddress }
        return la_ssize_t(count)
      }, nil)
  }

  /// Reads what libarchive left behind the end of the tar; false where that, or what came before it,
  /// is damaged or cut off.
  func isSoundToTheEnd() -> Bool {
    while let count = next() {
      if count == 0 { return true }
    }
    return false
  }

  /// The bytes put into `output`, 0 at the end, nil where the data are damaged or cut off. What was
  /// inflated before the damage comes first.
  private func next() -> Int? {
    var filled = 0
    while filled < output.count, state == .running {
      if waiting.isEmpty, !refill() { break }
      filled += inflateOnce(into: filled)
    }
    return filled > 0 ? filled : state == .ended ? 0 : nil
  }

  /// Takes more of the file; at its end the data are cut off, for a whole stream has ended before.
  private func refill() -> Bool {
    let count = unsafe read(descriptor, &input, input.count)
    if count <= 0 { state = .failed }
    waiting = 0..<max(0, count)
    return count > 0
  }

  /// Inflates what waits, as far as there is room; gives the count.
  private func inflateOnce(into start: Int) -> Int {
    let status = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = unsafe input.baseAddress! + waiting.lowerBound
        unsafe stream.pointee.avail_in = UInt32(waiting.count)
        unsafe stream.pointee.next_out = unsafe output.baseAddress! + start
        unsafe stream.pointee.avail_out = UInt32(output.count - start)
        return unsafe inflate(stream, Z_NO_FLUSH)
      }
    }
    waiting = (waiting.upperBound - Int(unsafe stream.pointee.avail_in))..<waiting.upperBound
    switch status {
    case Z_OK: break
    case Z_STREAM_END: endMember()
    default: state = .failed
    }
    return output.count - start - Int(unsafe stream.pointee.avail_out)
  }

  /// A gzip file may go on with another member; anything else behind a member is ignored, as gzip
  /// does.
  private func endMember() {
    if waiting.isEmpty {
      let count = unsafe read(descriptor, &input, input.count)
      waiting = 0..<max(0, count)
    }
    if waiting.isEmpty || input[waiting.lowerBound] != 0x1F {
      state = .ended
    } else if unsafe inflateReset(stream) != Z_OK {
      state = .failed
    }
  }
}
