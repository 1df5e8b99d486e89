import Glibc
import ImageFormats
import MedicalImaging

/// The part of the private folder that archives are unpacked to: a folder each, by its token, which
/// is whole or not there, and which merge removes.
extension SourceScan {
  /// The folder of an archive.
  func folder(of token: String) -> String { unpackedFolder + token }

  /// Which file of which archive lies there; nil where it is a file of the user's.
  func unpackedFile(_ location: SourceLocation) -> UnpackedFile? {
    location.path.hasPrefix(unpackedFolder) ? UnpackedFile(path: location.path) : nil
  }

  /// A path that is the same wherever the private folder lies.
  func stablePath(_ location: SourceLocation) -> String {
    location.path.hasPrefix(unpackedFolder)
      ? String(location.path.dropFirst(unpackedFolder.count)) : location.path
  }

  private var unpackedFolder: String { workspace.absolute(workspace.unpacked) + "/" }

  // MARK: Unpacking

  /// Unpacks a tar, wherever it lies.
  func unpack(tar location: SourceLocation, of token: String) throws -> TarArchive.Unpacked {
    try fill(token) { folder in
      var path = location.path
      if let member = location.member {
        path = folder + "/" + UnpackedFile.archive
        try copy(member, of: location.path, to: path, in: folder)
      }
      var unpacked = try TarArchive.unpack(
        path: path, into: folder, limit: Self.limit(folder))
      if location.member != nil { unsafe unlink(path) }
      for index in unpacked.members.indices {
        let name = unpacked.members[index].path.dropFirst(folder.count)
        unpacked.members[index].path = self.folder(of: token) + name
      }
      return unpacked
    }
  }

  /// Copies a member out of the zip that it is in, as an archive or a slide, and gives its path.
  func copyOut(of location: SourceLocation, of token: String) throws -> String {
    try fill(token) { folder in
      try copy(
        location.member ?? 0, of: location.path, to: folder + "/" + UnpackedFile.archive,
        in: folder)
    }
    return folder(of: token) + "/" + UnpackedFile.archive
  }

  private func copy(_ member: Int, of zip: String, to path: String, in folder: String) throws {
    try ZipArchive(path: zip).extract(member, to: path, limit: Self.limit(folder))
  }

  /// Half of what the disk has left: a bomb costs the archive, and leaves room for the rest.
  private static func limit(_ folder: String) -> Int { AtomicFile.room(folder) / 2 }

  /// Has an archive's folder filled under another name, and renames it when it is whole.
  private func fill<Result>(
    _ token: String, _ body: (_ folder: String) throws -> Result
  ) throws -> Result {
    let (folder, beside) = (folder(of: token), folder(of: token) + ".part")
    for left in [folder, beside] { FolderTree.remove(left) }
    try AtomicFile.makeFolder(beside, mode: 0o700)
    defer { FolderTree.remove(beside) }
    let result = try body(beside)
    guard unsafe rename(beside, folder) == 0 else { throw AtomicFile.failure(errno) }
    return result
  }

  // MARK: Once more

  /// Unpacks archives once more whose files are needed and gone: merge removes them.
  ///
  /// An archive that has been moved or changed since is left alone: its files are missing then.
  func restore(_ locations: [SourceLocation]) throws {
    let missing = locations.compactMap { location in
      unpackedFile(location).flatMap { SourceDiscovery.isFile(location.path) ? nil : $0 }
    }
    let files = Dictionary(missing.map { ($0.token, $0) }) { first, _ in first }
    for (_, file) in files.sorted(by: { $0.key < $1.key }) { try restore(file) }
  }

  private func restore(_ file: UnpackedFile) throws {
    guard let known = try state.known(file.token) else { return }
    let location = known.location
    if let outer = unpackedFile(location) {
      // A file of a tar: it is what the tar is.
      if outer.token != file.token, !SourceDiscovery.isFile(location.path) { try restore(outer) }
    } else {
      let now = SourceDiscovery.source(location.path, name: "")
      guard now.modified == known.modified, location.member != nil || now.bytes == known.bytes
      else { return }
    }
    guard SourceDiscovery.isFile(location.path) else { return }
    do {
      if file.number == nil {
        _ = try copyOut(of: location, of: file.token)
      } else {
        _ = try unpack(tar: location, of: file.token)
      }
    } catch let error as ImageError where !error.isOfTheRun {
      // It was sound when it was opened first: whatever needs its files says that they are missing.
    }
  }
}
