import CZip
import Glibc
import MedicalImaging

/// A .zip file, read in place: members by index, each checked against its CRC-32 (PKZIP APPNOTE
/// 4.4.7).
///
/// Not safe to use from several threads at once; each opens its own.
@safe public final class ZipArchive {
  /// A regular file of the archive.
  public struct Member: Hashable, Sendable {
    /// As stored, in UTF-8; personal data, and never a path to open.
    public var name: String
    /// For `read`.
    public var index: Int
    /// Bytes, as the directory declares them.
    public var size: Int
  }

  /// Regular files in the order of the directory; folders, links and devices are left out.
  public let members: [Member]
  private let handle: OpaquePointer

  /// Opens an archive and reads its directory.
  ///
  /// - Throws: `brokenArchive`, or `permission` and `unreadable` where the file cannot be opened.
  public init(path: String) throws(ImageError) {
    var code: Int32 = 0
    guard let handle = unsafe zip_open(path, ZIP_RDONLY, &code) else {
      throw Self.openFailure(code, errno)
    }
    unsafe self.handle = handle
    members = unsafe Self.list(handle)
  }

  deinit { unsafe zip_discard(handle) }

  /// The name of the member at `index`, nil where none is there.
  public func name(of index: Int) -> String? {
    unsafe zip_get_name(handle, zip_uint64_t(index), 0).map {
      unsafe String(cString: $0)
    }
  }

  /// The index of the member of a name, nil where there is none.
  public func member(named name: String) -> Int? {
    let index = unsafe zip_name_locate(handle, name, 0)
    return index < 0 ? nil : Int(index)
  }

  /// Bytes of the member at `index`, as the directory declares them. Throws as `read`.
  public func size(of index: Int) throws(ImageError) -> Int { try entry(index).size }

  /// The bytes of the member at `index`, of which `limit` are allowed.
  ///
  /// - Throws: `brokenArchive` where the member is encrypted, damaged, packed in a way that is not
  ///   known, or not of the size that the directory declares; `memory` where it is above the limit.
  public func read(_ index: Int, limit: Int) throws(ImageError) -> [UInt8] {
    let entry = try entry(index)
    guard entry.size <= limit else {
      throw ImageError(
        .memory, "A member of the archive is larger than may be held in memory.",
        remedy: "Unpack the archive and name the folder, or raise --memory.")
    }
    try checkClaim(of: entry)
    let stream = try unsafe ZipMemberStream(handle, index)
    let bytes = stream.read(entry.size)
    guard bytes.count == entry.size, stream.isSoundAtEnd() else { throw stream.damage }
    return bytes
  }

  /// The first `count` bytes of the member at `index`, or all where it has fewer; nothing says that
  /// they are sound.
  ///
  /// - Throws: `brokenArchive` where the member is encrypted, damaged there, or packed in a way that
  ///   is not known.
  public func beginning(of index: Int, count: Int) throws(ImageError) -> [UInt8] {
    let size = min(count, try entry(index).size)
    let stream = try unsafe ZipMemberStream(handle, index)
    let bytes = stream.read(size)
    guard bytes.count == size else { throw stream.damage }
    return bytes
  }

  /// Writes the member at `index` to a new file, of which `limit` bytes are allowed; leaves none
  /// where it throws.
  ///
  /// - Throws: as `read`, but `brokenArchive` where it is above the limit; `outputFull` or
  ///   `permission` where the file cannot be written.
  public func extract(_ index: Int, to path: String, limit: Int) throws(ImageError) {
    let entry = try entry(index)
    guard entry.size <= limit else { throw TarArchive.tooLarge }
    try checkClaim(of: entry)
    let stream = try unsafe ZipMemberStream(handle, index)
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DescriptorOutput.failure(errno) }
    defer { close(descriptor) }
    do throws(ImageError) {
      var rest = entry.size
      while rest > 0 {
        let piece = stream.read(min(rest, 1 << 20))
        guard !piece.isEmpty else { throw stream.damage }
        rest -= piece.count
        try DescriptorOutput.write(piece[...], to: descriptor)
      }
      guard stream.isSoundAtEnd() else { throw stream.damage }
    } catch {
      unsafe unlink(path)
      throw error
    }
  }

  private struct Entry {
    var size, packed: Int
    var isDeflated: Bool
  }

  private func entry(_ index: Int) throws(ImageError) -> Entry {
    var stat = unsafe zip_stat_t()
    guard unsafe zip_stat_index(handle, zip_uint64_t(index), 0, &stat) == 0 else {
      throw failure("A member of the archive has no entry.")
    }
    guard unsafe stat.encryption_method == UInt16(ZIP_EM_NONE) else {
      throw ImageError(
        .brokenArchive, "A member of the archive is encrypted.",
        remedy: "Unpack the archive with its password, and name the folder.")
    }
    return unsafe Entry(
      size: Int(clamping: stat.size), packed: Int(clamping: stat.comp_size),
      isDeflated: stat.comp_method == UInt16(ZIP_CM_DEFLATE))
  }

  /// Deflate packs at most 1032 to 1: what claims more would only cost memory.
  private func checkClaim(of entry: Entry) throws(ImageError) {
    guard !entry.isDeflated || entry.size / 1032 <= entry.packed else {
      throw failure("A member of the archive claims more bytes than its data can hold.")
    }
  }

  private static func list(_ handle: OpaquePointer) -> [Member] {
    var members: [Member] = []
    for index in 0..<max(0, unsafe zip_get_num_entries(handle, 0)) {
      var stat = unsafe zip_stat_t()
      guard unsafe zip_stat_index(handle, zip_uint64_t(index), 0, &stat) == 0,
        let name = unsafe zip_get_name(handle, zip_uint64_t(index), 0)
      else { continue }
      let text = unsafe String(cString: name)
      let isFolder = text.isEmpty || text.hasSuffix("/") || text.hasSuffix("\\")
      if !isFolder, unsafe isRegular(handle, index) {
        members.append(
          Member(name: text, index: Int(index), size: unsafe Int(clamping: stat.size)))
      }
    }
    return members
  }

  /// False for links and devices: an archive made on Unix keeps `st_mode` in the upper half of the
  /// external attributes; 0 there says nothing.
  private static func isRegular(_ handle: OpaquePointer, _ index: zip_int64_t) -> Bool {
    var system: UInt8 = 0
    var attributes: UInt32 = 0
    guard
      unsafe zip_file_get_external_attributes(
        handle, zip_uint64_t(index), 0, &system, &attributes) == 0,
      Int32(system) == ZIP_OPSYS_UNIX
    else { return true }
    let kind = attributes >> 16 & S_IFMT
    return kind == 0 || kind == S_IFREG
  }

  private func failure(_ message: String) -> ImageError {
    ImageError(
      .brokenArchive, message,
      cause: unsafe String(cString: zip_error_strerror(zip_get_error(handle))))
  }

  private static func openFailure(_ code: Int32, _ number: Int32) -> ImageError {
    var error = unsafe zip_error_t()
    unsafe zip_error_init_with_code(&error, code)
    defer { unsafe zip_error_fini(&error) }
    let cause = unsafe String(cString: zip_error_strerror(&error))
    if code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_NOENT {
      let isDenied = number == EACCES || number == EPERM
      return ImageError(
        isDenied ? .permission : .unreadable, "The archive cannot be opened.", cause: cause)
    }
    return ImageError(
      .brokenArchive, "The archive's directory is missing or damaged.", cause: cause)
  }
}
