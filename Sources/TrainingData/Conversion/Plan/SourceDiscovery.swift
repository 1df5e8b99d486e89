import Glibc
import ImageFormats
import MedicalImaging

/// Where the bytes of one source lie.
public struct SourceLocation: Codable, Hashable, Sendable {
  public var path: String
  /// Index of the member where `path` is an archive that is read in place.
  public var member: Int?

  public init(path: String, member: Int? = nil) {
    self.path = path
    self.member = member
  }
}

/// Something that was found and may be a picture.
struct FoundSource: Sendable {
  var location: SourceLocation
  /// Its name below what the user named: the same wherever that folder is moved to.
  var name: String
  /// Of a member of an archive: its name in there.
  var member: String?
  var bytes: Int
  /// Nanoseconds since 1970, those of all files that belong to it added up: with the size, what
  /// tells that a file has changed.
  var modified: Int
  /// Set where nothing can be read at all.
  var problem: ImageError?
  /// Why it is not looked at: the kind under which it is left out.
  var leftOut: String?
}

/// Walks what the user named: folders, files, and lists of paths.
enum SourceDiscovery {
  /// Throws `.missing` or `.permission` where something that the user named cannot be found.
  static func check(_ paths: [String]) throws(ImageError) {
    for path in paths { _ = try root(path) }
  }

  /// Every regular file at or below `paths`, by its path from the root of the file system: another
  /// run may be started elsewhere. What two of `paths` lead to is found once, under its longer
  /// name. `leavingOut` are folders that are not entered: the output itself.
  ///
  /// Throws `.missing` or `.permission` where something that the user named cannot be found.
  static func find(_ paths: [String], leavingOut: [String]) throws(ImageError) -> [FoundSource] {
    var found: [FoundSource] = []
    let excluded = Set(leavingOut.compactMap(identity))
    var parts: [String: Set<String>] = [:]
    for path in paths {
      let path = try root(path)
      if information(path)?.isFolder == true {
        var visited = excluded
        walk(path, below: "", isPart: false, &visited, &found)
      } else {
        let (folder, name) = (String(path.dropLast(lastComponent(path).count)), lastComponent(path))
        let beside = parts[folder] ?? SlideParts.beside(folder, FolderTree.entries(folder) ?? [])
        parts[folder] = beside
        var named = source(path, name: name)
        if beside.contains(name) { named.leftOut = SlideParts.kind }
        found.append(named)
        // Of a pair either file may be named.
        if let header = header(ofVoxels: path) {
          found.append(source(header, name: lastComponent(header)))
        }
      }
    }
    var places: [String: Int] = [:]
    var unique: [FoundSource] = []
    for source in found {
      guard let place = places[source.location.path] else {
        places[source.location.path] = unique.count
        unique.append(source)
        continue
      }
      let leftOut = unique[place].leftOut ?? source.leftOut
      if source.name.utf8.count > unique[place].name.utf8.count { unique[place] = source }
      unique[place].leftOut = leftOut
    }
    return unique
  }

  /// A path from the root of the file system, without links.
  ///
  /// Throws `.missing` or `.permission` where nothing is found there.
  static func root(_ path: String) throws(ImageError) -> String {
    guard let real = unsafe realpath(path, nil) else {
      throw ImageError(
        errno == EACCES ? .permission : .missing, "\(path) cannot be found.",
        remedy: "Check how the source is spelled.")
    }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Whether a file lies there.
  static func isFile(_ path: String) -> Bool { information(path)?.isFile == true }
  /// Whether a folder lies there.
  static func isFolder(_ path: String) -> Bool { information(path)?.isFolder == true }

  /// When a file was changed last, in nanoseconds since 1970; 0 where there is none.
  static func modified(_ path: String) -> Int { information(path)?.modified ?? 0 }

  private struct Information {
    var isFolder, isFile: Bool
    var bytes, modified: Int
    var identity: Identity
  }

  private struct Identity: Hashable {
    var device: UInt
    var node: UInt
  }

  private static func information(_ path: String) -> Information? {
    var information = stat()
    guard unsafe stat(path, &information) == 0 else { return nil }
    let kind = information.st_mode & S_IFMT
    let time = information.st_mtim
    return Information(
      isFolder: kind == S_IFDIR, isFile: kind == S_IFREG, bytes: Int(information.st_size),
      modified: Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec),
      identity: Identity(device: UInt(information.st_dev), node: UInt(information.st_ino)))
  }

  private static func identity(_ path: String) -> Identity? { information(path)?.identity }

  /// `visited` keeps a link to a folder above from going round for ever. `isPart`: of a slide's folder.
  private static func walk(
    _ folder: String, below name: String, isPart: Bool, _ visited: inout Set<Identity>,
    _ found: inout [FoundSource]
  ) {
    guard let here = identity(folder), visited.insert(here).inserted else { return }
    guard let entries = FolderTree.entries(folder) else {
      found.append(
        FoundSource(
          location: SourceLocation(path: folder), name: name + "/", bytes: 0, modified: 0,
          problem: ImageError(.permission, "The folder cannot be opened.")))
      return
    }
    let slashed = folder.hasSuffix("/") ? folder : folder + "/"
    let parts = isPart ? [] : SlideParts.beside(slashed, entries)
    for entry in entries {
      let isPart = isPart || parts.contains(entry)
      let path = slashed + entry
      let below = name.isEmpty ? entry : name + "/" + entry
      guard let kind = information(path) else {
        found.append(
          FoundSource(
            location: SourceLocation(path: path), name: below, bytes: 0, modified: 0,
            problem: unopened(path)))
        continue
      }
      if kind.isFolder {
        walk(path, below: below, isPart: isPart, &visited, &found)
      } else if kind.isFile {
        var file = source(path, name: below)
        if isPart { file.leftOut = SlideParts.kind }
        found.append(file)
      }
    }
  }

  /// Why nothing is known of an entry that its folder lists.
  static func unopened(_ path: String) -> ImageError {
    var information = stat()
    return unsafe lstat(path, &information) == 0
      ? ImageError(.missing, "A link leads to a file that is not there.")
      : ImageError(
        .unreadable, "The file's name is not UTF-8, or it was removed just now.",
        remedy: "Rename the file, or pack the export as a .zip or .tar.")
  }

  /// A file as it is now.
  static func source(_ path: String, name: String) -> FoundSource {
    let kind = information(path)
    var source = FoundSource(
      location: SourceLocation(path: path), name: name, bytes: kind?.bytes ?? 0,
      modified: kind?.modified ?? 0, problem: nil)
    // A header stands for its pair: it has changed where its voxels or its matrix have. A sum, for
    // what takes the place of a file may be older.
    if let pair = PairName(path), !pair.isImage {
      let voxels = pair.candidates("img").lazy.compactMap(information).first(where: \.isFile)
      source.bytes += voxels?.bytes ?? 0
      source.modified &+= voxels?.modified ?? 0
      source.modified &+= pair.candidates("mat").map(modified).reduce(0, &+)
    }
    // The file by which a slide is opened stands for all of its files.
    for part in SlideParts.files(of: path).compactMap(information) {
      source.bytes += part.bytes
      source.modified &+= part.modified
    }
    // So has a slide where the table that gives its resolution has.
    if let folder = path.lastIndex(of: "/") {
      let table = information(path[...folder] + SlideResolutionTable.name)
      source.modified = max(source.modified, table?.modified ?? 0)
    }
    return source
  }

  /// The bytes that `find` counts for a path, at this moment.
  static func bytes(_ path: String) -> Int { source(path, name: "").bytes }

  /// The header that a file of voxels belongs to, where it lies beside it.
  private static func header(ofVoxels path: String) -> String? {
    guard let pair = PairName(path), pair.isImage else { return nil }
    return pair.candidates("hdr").first(where: isFile)
  }

  /// Where a file that an index names lies on disk: by its very name, or in lower case, as media
  /// are mounted whose names have no case.
  static func locate(_ components: [String], below folder: String) -> FoundSource? {
    for spelled in [components, components.map { $0.lowercased() }] {
      let path = folder + spelled.joined(separator: "/")
      if let kind = information(path), kind.isFile { return source(path, name: "") }
    }
    return nil
  }

  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
