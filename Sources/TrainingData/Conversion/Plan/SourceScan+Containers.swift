import ImageFormats
import MedicalImaging

/// Archives and media: sources that hold or name others.
extension SourceScan {
  func open(zip source: WorkerRequest.Source) throws {
    let path = source.location.path
    // A changed archive's members count as changed.
    let modified = SourceDiscovery.modified(path)
    let tokens = try remember(
      ZipArchive(path: path).members.map {
        FoundSource(
          location: SourceLocation(path: path, member: $0.index),
          name: source.token + "/" + $0.name, bytes: $0.size, modified: modified, problem: nil)
      })
    try state.forgetMembers(below: path, except: tokens)
  }

  func unpack(tar source: WorkerRequest.Source) throws {
    let folder = folder(ofTar: source.token)
    let unpacked = try fill(folder, from: source.location.path)
    let modified = SourceDiscovery.modified(source.location.path)
    let tokens = try remember(
      unpacked.members.map {
        FoundSource(
          location: SourceLocation(path: $0.path), name: source.token + "/" + $0.name,
          bytes: AtomicFile.size($0.path), modified: modified, problem: nil)
      })
    try state.forgetMembers(below: folder, except: tokens)
    if let error = unpacked.error { throw error }
  }

  /// Unpacks archives once more whose files are needed and gone: merge removes them.
  ///
  /// An archive that has been moved or changed since is left alone: its files are missing then.
  func restore(_ locations: [SourceLocation]) throws {
    let prefix = folder(ofTar: "")
    let needed = locations.compactMap { location -> String? in
      guard location.path.hasPrefix(prefix), !SourceDiscovery.isFile(location.path) else {
        return nil
      }
      return location.path.dropFirst(prefix.count).split(separator: "/").first.map(String.init)
    }
    for token in Set(needed).sorted() {
      guard let known = try state.known(token), SourceDiscovery.isFile(known.location.path),
        AtomicFile.size(known.location.path) == known.bytes,
        SourceDiscovery.modified(known.location.path) == known.modified
      else { continue }
      _ = try fill(folder(ofTar: token), from: known.location.path)
    }
  }

  private func folder(ofTar token: String) -> String {
    workspace.absolute(workspace.unpacked) + "/" + token
  }

  private func fill(_ folder: String, from archive: String) throws -> TarArchive.Unpacked {
    // What a run left that was cut short.
    FolderTree.remove(folder)
    try AtomicFile.makeFolder(folder, mode: 0o700)
    // Half of what the disk has left: a bomb costs the archive, and leaves room for the rest.
    return try TarArchive.unpack(path: archive, into: folder, limit: AtomicFile.room(folder) / 2)
  }

  /// Files that a DICOMDIR names: those that are there are sources like any other, and those that
  /// never were are rejects.
  func follow(directory source: WorkerRequest.Source, files: [[String]]) throws {
    guard source.location.member == nil else { return }
    let path = source.location.path
    let folder = String(
      path[
        ..<(path.lastIndex(of: "/").map { path.index(after: $0) }
          ?? path.startIndex)])
    var found: [FoundSource] = []
    for file in files {
      // A name of the index stays below the index (PS3.10 8.6).
      let isBelow = file.allSatisfy { !$0.isEmpty && $0 != ".." && !$0.contains("/") }
      guard isBelow, !file.isEmpty else { continue }
      let name = source.token + "/" + file.joined(separator: "/")
      if var there = SourceDiscovery.locate(file, below: folder) {
        there.name = name
        found.append(there)
        continue
      }
      let absent = SourceLocation(path: folder + file.joined(separator: "/"))
      // What was used and has gone since stays, as a file does that a folder held.
      guard try state.token(of: absent) == nil else { continue }
      found.append(
        FoundSource(
          location: absent, name: name, bytes: 0, modified: 0,
          problem: ImageError(.missing, "A DICOMDIR names a file that is not there.")))
    }
    try remember(found)
  }
}
