import ImageFormats
import MedicalImaging

/// Archives and media: sources that hold or name others.
extension SourceScan {
  /// Archives that may stand around a picture.
  private static let levels = 2

  /// Takes in the members of an archive: a zip is read where it lies; a tar, and a zip that is in
  /// another one, are put into the private folder.
  func open(archive source: WorkerRequest.Source, _ kind: ArchiveKind) throws {
    let way = try ArchivePath(to: source.location) { try state.location(of: $0) }
    guard way.steps.count < Self.levels else {
      throw ImageError(
        .unsupportedFormat, "It is an archive in an archive that is in another one.",
        remedy: "Unpack the outermost archive and name the folder.")
    }
    // A changed archive's members count as changed.
    let modified = try state.known(source.token)?.modified ?? 0
    func members(
      _ names: [String], _ place: (Int) -> (SourceLocation, bytes: Int),
      beginning: (Int) -> [UInt8]
    ) -> [FoundSource] {
      let parts = SlideParts.among(members: names, beginning: beginning)
      return names.enumerated().map { index, name in
        let (location, bytes) = place(index)
        return FoundSource(
          location: location, name: source.token + "/" + name, member: name, bytes: bytes,
          modified: modified, leftOut: parts.contains(index) ? SlideParts.kind : nil)
      }
    }
    guard kind == .zip else {
      let unpacked = try unpack(tar: source.location, of: source.token)
      let paths = unpacked.members.map(\.path)
      try remember(
        members(unpacked.members.map(\.name)) {
          (SourceLocation(path: paths[$0]), SourceDiscovery.bytes(paths[$0]))
        } beginning: {
          (try? SourceBytes(path: paths[$0]))?.head(SlideKeyFile.mostBytes) ?? []
        })
      if let error = unpacked.error { throw error }
      return
    }
    let path =
      source.location.member == nil
      ? source.location.path : try copyOut(of: source.location, of: source.token)
    let zip = try ZipArchive(path: path)
    let entries = zip.members
    try remember(
      members(entries.map(\.name)) {
        // A member that cannot be opened says so when it is.
        let bytes = (try? zip.bytes(ofImageAt: entries[$0].index)) ?? entries[$0].size
        return (SourceLocation(path: path, member: entries[$0].index), bytes)
      } beginning: {
        (try? zip.beginning(of: entries[$0].index, count: SlideKeyFile.mostBytes)) ?? []
      })
  }

  /// Puts a member of a zip into the private folder, where it is a source of its own that has a path.
  func open(copyOf source: WorkerRequest.Source) throws {
    let path = try copyOut(of: source.location, of: source.token)
    let member = source.member ?? ""
    try remember([
      FoundSource(
        location: SourceLocation(path: path), name: source.token + "/" + member, member: member,
        bytes: SourceDiscovery.bytes(path),
        modified: try state.known(source.token)?.modified ?? 0)
    ])
  }

  /// Forgets what an archive held, and what archives in it held.
  func forgetMembers(of token: String, at location: SourceLocation) throws {
    let zip = location.member == nil ? location.path : nil
    for inner in try state.forgetMembers(ofZip: zip, in: folder(of: token)) {
      try forgetMembers(of: inner.token, at: inner.location)
    }
  }

  /// Files that a DICOMDIR names: those that are there are sources like any other, and those that
  /// never were are rejects.
  func follow(directory source: WorkerRequest.Source, files: [[String]]) throws {
    // All members of an archive are looked at anyway, and names of theirs are no paths.
    guard source.location.member == nil, unpackedFile(source.location) == nil else { return }
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
