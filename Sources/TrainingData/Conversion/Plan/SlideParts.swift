import ImageFormats

/// Files that belong to a slide of several files, and are no sources of their own: among them are its
/// label and its overview.
enum SlideParts {
  /// The kind under which they are left out.
  static let kind = "slide_part"

  /// The other files of the slide that is opened by a file on disk, in the order of their names; none of
  /// a slide that is one file.
  static func files(of path: String) -> [String] {
    if isMIRAX(path) {
      let folder = path.dropLast(mirax.count) + "/"
      return (FolderTree.entries(String(folder)) ?? []).map { folder + $0 }
        .filter(SourceDiscovery.isFile)
    }
    guard isKeyFile(path) else { return [] }
    let folder = path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)]
    let head = (try? SourceBytes(path: path))?.head(SlideKeyFile.mostBytes) ?? []
    return (SlideKeyFile.values(head) ?? []).filter { !$0.isEmpty && !$0.contains("/") }.sorted()
      .map { folder + $0 }.filter { $0 != path && SourceDiscovery.isFile($0) }
  }

  /// Of the entries of a folder, whose path ends with a slash, those that belong to a slide beside them:
  /// files, and folders with all that is in them.
  static func beside(_ folder: String, _ entries: [String]) -> Set<String> {
    among(
      entries, holds: { FolderTree.entries(folder + $0)?.contains($1) ?? false },
      beginning: { name in
        (try? SourceBytes(path: folder + name))?.head(SlideKeyFile.mostBytes) ?? []
      })
  }

  /// Of the members of an archive, the places of those that belong to a slide in it. `beginning` gives
  /// the first bytes of the member at a place.
  static func among(members names: [String], beginning: (Int) -> [UInt8]) -> Set<Int> {
    guard names.contains(where: opensSlide) else { return [] }
    var folders: [Substring: [(name: Substring, place: Int)]] = [:]
    for (place, name) in names.enumerated() {
      let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
      folders[name[..<slash], default: []].append((name[slash...], place))
    }
    let all = Set(names)
    var parts: Set<Substring> = []
    for (folder, entries) in folders {
      // A folder in it has no entry of its own in every archive.
      let slides = entries.map { String($0.name) }.filter { isMIRAX($0) }
      let found = among(
        entries.map { String($0.name) } + slides.map { String($0.dropLast(mirax.count)) },
        holds: { all.contains(folder + $0 + "/" + $1) },
        beginning: { name in
          entries.last { $0.name == name }.map { beginning($0.place) } ?? []
        })
      parts.formUnion(found.map { folder + $0 })
    }
    guard !parts.isEmpty else { return [] }
    return Set(
      names.indices.filter { place in
        let name = names[place]
        let ends = name.indices.filter { name[$0] == "/" } + [name.endIndex]
        return ends.contains { parts.contains(name[..<$0]) }
      })
  }

  private static let mirax = ".mrxs"
  /// Trestle's, beside a .tif.
  private static let overview = ".Full"

  private static func isKeyFile(_ name: String) -> Bool {
    [".vms", ".vmu"].contains { name.lowercased().hasSuffix($0) }
  }

  private static func isMIRAX(_ name: String) -> Bool { name.lowercased().hasSuffix(mirax) }

  /// Whether a file of this name may have others that belong to it.
  private static func opensSlide(_ name: String) -> Bool {
    isMIRAX(name) || isKeyFile(name) || name.hasSuffix(overview)
  }

  private static func among(
    _ names: [String], holds: (_ folder: String, _ name: String) -> Bool,
    beginning: (String) -> [UInt8]
  ) -> Set<String> {
    let all = Set(names)
    var parts: Set<String> = []
    for name in names {
      if isMIRAX(name) {
        let folder = String(name.dropLast(mirax.count))
        if all.contains(folder), holds(folder, "Slidedat.ini") { parts.insert(folder) }
      } else if isKeyFile(name) {
        let values = SlideKeyFile.values(beginning(name)) ?? []
        parts.formUnion(values.intersection(all).subtracting([name]))
      } else if name.hasSuffix(overview) {
        let stem = name.dropLast(overview.count)
        if [".tif", ".tiff"].contains(where: { all.contains(stem + $0) }) { parts.insert(name) }
      }
    }
    return parts
  }
}
