import Glibc
import ImageFormats
import MedicalImaging

/// Pictures on their way to a shard: they are made in the order of their sources and stored in the
/// order of their keys.
///
/// The first 64 MiB stay in memory; what comes after lies in a file without a name, so that nothing
/// is left of it whatever happens.
final class Spool {
  private(set) var count = 0
  private let folder: String
  private var memory: [UInt8] = []
  private var pending: [UInt8] = []
  private var file: Int32 = -1
  private static let held = 64 << 20
  private static let chunk = 1 << 20

  /// A spool on the disk that holds `folder`.
  init(in folder: String) { self.folder = folder }

  deinit { if file >= 0 { close(file) } }

  /// Adds bytes and says where they lie.
  func append(_ bytes: [UInt8]) throws(ImageError) -> Range<Int> {
    let start = count
    count += bytes.count
    if file < 0 && count <= Self.held {
      memory += bytes
    } else {
      if file < 0 { try spill() }
      pending += bytes
      if pending.count >= Self.chunk { try flush() }
    }
    return start..<count
  }

  /// Adds each and says where it lies.
  func append(_ files: [[UInt8]]) throws(ImageError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for file in files { ranges.append(try append(file)) }
    return ranges
  }

  /// Bytes that were added before.
  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    if file < 0 { return Array(memory[range]) }
    try flush()
    return try AtomicFile.read(file, range)
  }

  /// Adds them to an archive under a name.
  func copy(_ range: Range<Int>, to tar: inout TarWriter, name: String) throws(ImageError) {
    if file < 0 {
      let memory = memory
      let bytes = memory.span
      try tar.append(name: name, bytes: bytes.extracting(range))
    } else {
      try flush()
      try tar.append(name: name, range: range, of: file)
    }
  }

  private func spill() throws(ImageError) {
    let path = "\(folder)/.spool-\(getpid())"
    file = try AtomicFile.create(path, mode: 0o600)
    unsafe unlink(path)
    try AtomicFile.append(memory, to: file)
    memory = []
  }

  private func flush() throws(ImageError) {
    try AtomicFile.append(pending, to: file)
    pending.removeAll(keepingCapacity: true)
  }
}

/// A sample on its way: what stands in its row, and where its pictures lie in the spool.
struct SpooledSample {
  var sample: Sample
  var pictures: [Range<Int>]
}
