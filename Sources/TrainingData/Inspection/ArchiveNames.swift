import ImageFormats

/// Names of the members of archives, as far as they can still be read; the last archive is kept.
final class ArchiveNames {
  private var last: (path: String, names: [Int: String])?

  /// The name of a member by its index; nil where the archive or the member is gone.
  func name(_ index: Int, in archive: String) -> String? {
    if last?.path != archive { last = (archive, Self.names(in: archive)) }
    return last?.names[index]
  }

  private static func names(in archive: String) -> [Int: String] {
    if let zip = try? ZipArchive(path: archive) {
      return Dictionary(zip.members.map { ($0.index, $0.name) }) { first, _ in first }
    }
    let names = (try? TarArchive.names(path: archive)) ?? []
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0, $1) })
  }
}
