import CArchive
import Glibc
import MedicalImaging

/// The entries of a tar, one after the other, through libarchive.
///
/// Compressions are named one by one: libarchive's "all" would start programs for those that it
/// does not know itself.
@safe final class TarReader {
  enum Step {
    /// A member; `read` gives its bytes.
    case entry(name: String, isRegular: Bool)
    case end
    case broken(ImageError)
  }

  private let archive: OpaquePointer
  private let descriptor: Int32
  private let gzip: GzipSource?
  private var buffer = [UInt8](repeating: 0, count: 1 << 20)

  /// - Throws: `permission` or `unreadable` where the file cannot be opened.
  init(path: String) throws(ImageError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let isDenied = errno == EACCES || errno == EPERM
      throw ImageError(
        isDenied ? .permission : .unreadable, "The archive cannot be opened.",
        cause: unsafe String(cString: strerror(errno)))
    }
    self.descriptor = descriptor
    gzip =
      GzipSource.recognise(descriptor: descriptor) ? GzipSource(descriptor: descriptor) : nil
    unsafe archive = Self.reader()
    // What fails here fails again, and is told, at the first entry.
    if let gzip {
      unsafe gzip.open(archive)
    } else {
      unsafe archive_read_open_fd(archive, descriptor, 1 << 18)
    }
  }

  /// Reads from memory, which must outlive it: what can be told from a file's first bytes, and
  /// nothing of checksums.
  init(beginning: UnsafeRawBufferPointer) {
    descriptor = -1
    gzip = nil
    unsafe archive = Self.reader()
    unsafe archive_read_support_filter_gzip(archive)
    unsafe archive_read_open_memory(archive, beginning.baseAddress, beginning.count)
  }

  private static func reader() -> OpaquePointer {
    // Fails only where the process is out of memory.
    guard let archive = unsafe archive_read_new() else { fatalError("libarchive did not start") }
    unsafe archive_read_support_filter_bzip2(archive)
    unsafe archive_read_support_filter_xz(archive)
    unsafe archive_read_support_filter_zstd(archive)
    unsafe archive_read_support_format_tar(archive)
    return unsafe archive
  }

  deinit {
    unsafe archive_read_free(archive)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Goes to the next entry.
  func next() -> Step {
    var entry: OpaquePointer?
    // ARCHIVE_WARN is a name or attribute that could not be taken over; the entry is there.
    let status = unsafe archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF {
      return gzip?.isSoundToTheEnd() ?? true ? .end : .broken(checksum)
    }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe entry else {
      return .broken(damage())
    }
    let isRegular =
      unsafe archive_entry_filetype(entry) == S_IFREG && archive_entry_hardlink(entry) == nil
    // UTF-8 where the name is known to be text, else its bytes.
    let name = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    return .entry(name: unsafe name.map { unsafe String(cString: $0) } ?? "", isRegular: isRegular)
  }

  /// The next bytes of the current entry; none at its end. Holes of sparse files are zeros.
  func read() throws(ImageError) -> ArraySlice<UInt8> {
    let count = unsafe buffer.withUnsafeMutableBytes { buffer in
      unsafe archive_read_data(archive, buffer.baseAddress, buffer.count)
    }
    guard count >= 0 else { throw damage() }
    return buffer[..<count]
  }

  private func damage() -> ImageError {
    ImageError(
      .brokenArchive, "The archive is damaged or its end is missing.",
      cause: unsafe archive_error_string(archive).map { unsafe String(cString: $0) })
  }

  /// Which member is damaged cannot be told: the checksum is that of them all.
  private var checksum: ImageError {
    ImageError(
      .brokenArchive,
      "The archive's checksum is wrong: one of its members, or several, are damaged.")
  }
}
