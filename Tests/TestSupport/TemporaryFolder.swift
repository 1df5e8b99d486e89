import Foundation

/// A folder of its own for one test, gone with the last reference to it.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "gmai-prep-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func url(_ name: String) -> URL { url.appending(path: name) }

  public func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url(name))
  }

  /// Writes numbers one after the other, native endian, as `numpy.fromfile` reads them.
  public func write<Number: BitwiseCopyable>(numbers: [Number], to name: String) throws {
    try write(unsafe numbers.withUnsafeBytes { unsafe [UInt8]($0) }, to: name)
  }

  public func bytes(of name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: url(name)))
  }

  /// Reads numbers as `numpy.ndarray.tofile` writes them.
  public func numbers<Number: BitwiseCopyable>(
    of name: String, as type: Number.Type
  ) throws -> [Number] {
    let bytes = try bytes(of: name)
    let size = MemoryLayout<Number>.stride
    guard bytes.count.isMultiple(of: size) else {
      throw TestSupportError("\(name) does not hold whole numbers of \(size) bytes.")
    }
    return unsafe bytes.withUnsafeBytes { raw in
      (0..<bytes.count / size).map { unsafe raw.loadUnaligned(fromByteOffset: $0 * size, as: type) }
    }
  }
}
