import CArchive
import Glibc
import MedicalImaging

/// A tar file, plain or in gzip, bzip2, xz or Zstandard, unpacked once into a private folder.
public enum TarArchive {
  /// What came out of an archive.
  public struct Unpacked: Sendable {
    /// A regular file: its name in the archive (personal data, and never a path to open) and where
    /// its bytes lie now.
    public struct Member: Hashable, Sendable {
      public var name: String
      public var path: String
    }

    /// In the order of the archive; all of full length.
    public var members: [Member]
    /// Why the rest is missing, or that a checksum over all of them is wrong; nil where all is well.
    public var error: ImageError?
  }

  /// Members, of any kind, that an archive may have.
  public static let memberLimit = 2_000_000

  /// True where the file is a tar, or one in a compression that is known.
  ///
  /// - Throws: `permission` or `unreadable` where it cannot be opened.
  public static func isTar(path: String) throws(ImageError) -> Bool {
    let reader = try TarReader(path: path)
    if case .entry = reader.next() { return true }
    return false
  }

  /// How many first bytes `isTar(beginning:)` wants: more than any compression needs for the first
  /// block of a tar; one of bzip2 packs 900,000 bytes.
  public static let beginningCount = 1 << 20

  /// As `isTar(path:)`, of a file whose first bytes alone are known.
  public static func isTar(beginning: [UInt8]) -> Bool {
    unsafe beginning.withUnsafeBytes { bytes in
      if case .entry = unsafe TarReader(beginning: bytes).next() { return true }
      return false
    }
  }

  /// Unpacks the regular files into `folder`, which exists, as `000000`, `000001` ...: names of the
  /// archive reach no path, and links, folders and devices are left out. The files of an image that
  /// is a pair keep their endings, and each has the others beside it: `000003.hdr` has `000003.img`.
  ///
  /// What is damaged or above `limit` bytes in all ends the unpacking, and stands in `error` as
  /// `brokenArchive`; what came before is kept.
  ///
  /// - Throws: `permission` or `unreadable` where the archive cannot be opened; `outputFull` or
  ///   `permission` where the folder takes no file.
  public static func unpack(path: String, into folder: String, limit: Int) throws(ImageError)
    -> Unpacked
  {
    let reader = try TarReader(path: path)
    var members: [Unpacked.Member] = []
    let error = try unpack(reader, into: folder, limit: limit, &members)
    linkPairs(members)
    return Unpacked(members: members, error: error)
  }

  private static func unpack(
    _ reader: TarReader, into folder: String, limit: Int, _ members: inout [Unpacked.Member]
  ) throws(ImageError) -> ImageError? {
    var budget = limit
    for _ in 0..<memberLimit {
      switch reader.next() {
      case .end: return nil
      case .broken(let error): return error
      case .entry(let name, let isRegular):
        guard isRegular else { continue }
        let ending = PairName(ofAny: name)?.ending ?? ""
        let target = folder + "/" + fileName(members.count) + ending
        if let error = try write(reader, to: target, budget: &budget) { return error }
        members.append(Unpacked.Member(name: name, path: target))
      }
    }
    return ImageError(.brokenArchive, "The archive has more members than any export.")
  }

  /// Puts beside each file of a pair the others, under its own number. Where the folder takes no
  /// links, the reader of the pair says that a file is missing.
  private static func linkPairs(_ members: [Unpacked.Member]) {
    var files: [Substring: [String: String]] = [:]
    for member in members {
      // Of two members of one name the last counts, as it does when a tar is unpacked by hand.
      if let name = PairName(ofAny: member.name) {
        files[name.stem, default: [:]][name.ending] = member.path
      }
    }
    for member in members {
      guard let name = PairName(ofAny: member.name) else { continue }
      for (ending, path) in files[name.stem, default: [:]] where ending != name.ending {
        unsafe link(path, String(member.path.dropLast(name.ending.count)) + ending)
      }
    }
  }

  /// What is said of an archive, or of one in it, that is above its limit.
  static var tooLarge: ImageError {
    ImageError(
      .brokenArchive, "The archive holds more bytes than may be unpacked.",
      remedy: "Make room, or unpack it by hand and name the folder.")
  }

  private static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// Writes the current entry to a new file; gives the error, and leaves no file, where the entry
  /// is damaged or above the budget.
  private static func write(_ reader: TarReader, to path: String, budget: inout Int)
    throws(ImageError) -> ImageError?
  {
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DescriptorOutput.failure(errno) }
    defer { close(descriptor) }
    var broken: ImageError?
    do throws(ImageError) {
      while true {
        let piece = try reader.read()
        if piece.isEmpty { return nil }
        guard piece.count <= budget else {
          throw tooLarge
        }
        budget -= piece.count
        try DescriptorOutput.write(piece, to: descriptor)
      }
    } catch {
      unsafe unlink(path)
      broken = error
    }
    if let broken, broken.code != .brokenArchive { throw broken }
    return broken
  }
}
