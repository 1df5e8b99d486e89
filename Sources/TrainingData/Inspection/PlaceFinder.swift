import Glibc
import ImageFormats
import MedicalImaging

/// Turns locations back into what a user knows: paths below what was named, members by their names.
struct PlaceFinder {
  private struct Root {
    var argument: Int
    /// As it was typed, without a slash at its end.
    var shown: String
    /// What the paths of its sources begin with: "", or something that ends with a slash.
    var prefix: String
    /// The named file itself; nil for a folder.
    var file: String?
  }

  private let roots: [Root]
  private let source: (String) throws -> SourceLocation?
  private let name: (SourceLocation) throws -> String?

  /// - Parameters:
  ///   - source: where the source of a token lies; nil where there is none.
  ///   - name: how a member of an archive is called in there.
  init(
    _ paths: [String], source: @escaping (String) throws -> SourceLocation?,
    name: @escaping (SourceLocation) throws -> String?
  ) {
    self.source = source
    self.name = name
    roots = paths.enumerated().flatMap { argument, path in
      [path, Self.real(path)].compactMap { $0 }.map { spelled in
        let isFolder = Self.isFolder(spelled)
        let folder = Self.slashed(isFolder ? spelled : Self.folder(of: spelled))
        // A folder is shown as it was typed; so is a file's, unless it is a link to another place.
        let shown = isFolder ? Self.slashed(path) : folder
        return Root(
          argument: argument, shown: shown.count > 1 ? String(shown.dropLast()) : shown,
          prefix: folder, file: isFolder ? nil : spelled)
      }
    }
  }

  /// The place of a source; `named` has the names of members looked up.
  func place(of location: SourceLocation, named: Bool) throws -> SourcePlace {
    let way = try ArchivePath(to: location, source: source)
    var place = file(way.file)
    place.members = try way.steps.map {
      .init(index: $0.index, name: named ? try name($0.location) : nil)
    }
    return place
  }

  private func file(_ path: String) -> SourcePlace {
    // A file that was named is found in itself; what an index lists, beside it.
    let below = roots.filter { path.hasPrefix($0.prefix) }
    guard
      let root = roots.first(where: { $0.file == path })
        ?? below.max(by: { $0.prefix.utf8.count < $1.prefix.utf8.count })
    else { return SourcePlace(argument: 0, root: "", path: path) }
    return SourcePlace(
      argument: root.argument, root: root.shown,
      path: String(path.dropFirst(root.prefix.count).drop { $0 == "/" }))
  }

  // MARK: Paths

  /// With one slash at its end; "" stays empty.
  private static func slashed(_ path: String) -> String {
    var slashed = path
    while slashed.hasSuffix("/") { slashed.removeLast() }
    return path.isEmpty ? "" : slashed + "/"
  }

  private static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }

  private static func real(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
