import Glibc
import MedicalImaging

/// Bytes of pictures and rows on their way to a shard: samples are made in the order of their
/// sources and stored in the order of their keys.
///
/// It is a file without a name, so that nothing is left of it whatever happens.
final class Spool {
  let descriptor: Int32
  private(set) var count = 0
  private var pending: [UInt8] = []
  private static let chunk = 1 << 20

  /// A spool on the disk that holds `folder`.
  init(in folder: String) throws(ImageError) {
    let path = "\(folder)/.spool-\(getpid())"
    descriptor = try AtomicFile.create(path, mode: 0o600)
    unsafe unlink(path)
    pending.reserveCapacity(2 * Self.chunk)
  }

  deinit { close(descriptor) }

  /// Adds bytes and says where they lie.
  func append(_ bytes: [UInt8]) throws(ImageError) -> Range<Int> {
    let start = count
    pending += bytes
    count += bytes.count
    if pending.count >= Self.chunk { try flush() }
    return start..<count
  }

  func flush() throws(ImageError) {
    try AtomicFile.append(pending, to: descriptor)
    pending.removeAll(keepingCapacity: true)
  }

  /// Bytes that were added before.
  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    try flush()
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < range.count {
      let n = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(
          descriptor, $0.baseAddress! + filled, $0.count - filled, off_t(range.lowerBound + filled))
      }
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw AtomicFile.failure(errno) }
      filled += n
    }
    return bytes
  }
}

/// A sample on its way: what stands in its row, and where its pictures lie in the spool.
struct SpooledSample {
  var sample: Sample
  var pictures: [Range<Int>]
}
