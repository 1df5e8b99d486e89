import CPlatform
import Glibc
import MedicalImaging

/// Files that are there whole or not at all.
enum AtomicFile {
  /// Writes beside the final name and renames: whoever looks sees the old bytes or the new ones.
  ///
  /// `byMany` is for what several processes may write at once, with the same bytes: each writes
  /// beside the name under one of its own.
  static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, byMany: Bool = false
  ) throws(ImageError) {
    let beside = path + ".part" + (byMany ? "-\(UInt64.random(in: 0...UInt64.max))" : "")
    let file = try create(beside, mode: mode)
    defer { close(file) }
    do throws(ImageError) {
      try append(bytes, to: file)
      guard fsync(file) == 0 else { throw failure(errno) }
    } catch {
      unsafe unlink(beside)
      throw error
    }
    guard unsafe rename(beside, path) == 0 else { throw failure(errno) }
  }

  /// A new, empty file, open for reading and writing.
  static func create(_ path: String, mode: mode_t = 0o644) throws(ImageError) -> Int32 {
    let file = unsafe open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure(errno) }
    return file
  }

  static func append(_ bytes: [UInt8], to file: Int32) throws(ImageError) {
    var written = 0
    while written < bytes.count {
      let n = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress! + written, bytes.count - written)
      }
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw failure(errno) }
      written += n
    }
  }

  /// Writes a file in one go, which is nobody's yet: half of it may be there after an error.
  static func fill(_ path: String, with bytes: [UInt8]) throws(ImageError) {
    let file = try create(path)
    defer { close(file) }
    try append(bytes, to: file)
  }

  /// Writes all bytes to a place of an open file.
  static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int)
    throws(ImageError)
  {
    var written = 0
    while written < bytes.count {
      let n = unsafe pwrite(
        file, bytes.baseAddress! + written, bytes.count - written, off_t(offset + written))
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw failure(errno) }
      written += n
    }
  }

  static func read(_ path: String) throws(ImageError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw ImageError(
        errno == EACCES ? .permission : .missing, "A file of the data set cannot be read.")
    }
    defer { close(file) }
    var information = stat()
    unsafe fstat(file, &information)
    var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
    var filled = 0
    while filled < bytes.count {
      let n = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(file, $0.baseAddress! + filled, $0.count - filled)
      }
      if n < 0 && errno == EINTR { continue }
      if n <= 0 { break }
      filled += n
    }
    return Array(bytes[..<filled])
  }

  /// The size in bytes of a file; 0 where there is none.
  static func size(_ path: String) -> Int {
    var information = stat()
    return unsafe stat(path, &information) == 0 ? Int(information.st_size) : 0
  }

  /// Bytes that may still be written to the disk of a folder; 0 where nobody can say.
  static func room(_ folder: String) -> Int {
    var information = statvfs()
    guard unsafe statvfs(folder, &information) == 0 else { return 0 }
    return Int(
      clamping: information.f_bavail.multipliedReportingOverflow(
        by: information.f_frsize
      ).partialValue)
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// A range of an open file.
  static func read(_ file: Int32, _ range: Range<Int>) throws(ImageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < range.count {
      let n = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(
          file, $0.baseAddress! + filled, $0.count - filled, off_t(range.lowerBound + filled))
      }
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw failure(errno) }
      filled += n
    }
    return bytes
  }

  /// Makes a folder and those above it; one that is there already is left as it is.
  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(ImageError) {
    if unsafe mkdir(path, mode) == 0 { return }
    switch errno {
    case EEXIST: return
    case ENOENT where path.contains { $0 != "/" }:
      let above = path.split(separator: "/").dropLast().joined(separator: "/")
      try makeFolder(path.hasPrefix("/") ? "/" + above : above, mode: mode)
      guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw failure(errno) }
    default: throw failure(errno)
    }
  }

  static func failure(_ number: Int32) -> ImageError {
    switch number {
    case ENOSPC, EDQUOT: ImageError(.outputFull, "The disk of the output folder is full.")
    case EACCES, EPERM, EROFS:
      ImageError(
        .outputFailed, "The output folder cannot be written to.",
        remedy: "Choose another --out, or give this user the right to write there.")
    default:
      ImageError(
        .outputFailed, "A file of the output folder cannot be written.",
        cause: unsafe String(cString: strerror(number)))
    }
  }
}
