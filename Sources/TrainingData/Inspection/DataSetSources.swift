import FoundationEssentials
import MedicalImaging

/// What the private folder of a data set says of its sources.
public struct DataSetSources {
  private let workspace: Workspace

  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// The place of a source by the token that stands for it in `rejects.jsonl`; its path is the one
  /// that was recorded, below no root.
  ///
  /// Throws `.missing` where there is no such private folder, or no source of that token in it.
  public func place(of token: String) throws(ImageError) -> SourcePlace {
    guard AtomicFile.exists(workspace.sources) else { throw Self.absent }
    let lines = try AtomicFile.read(workspace.sources).split(separator: UInt8(ascii: "\n"))
    guard let line = try line(of: token, in: lines) else {
      throw ImageError(
        .missing, "No source of this data set has that token.",
        remedy: "Copy the value of \"source\" from a line of its rejects.jsonl.")
    }
    if let member = line.member {
      return place(line.path, member)
    }
    // A file out of a tar lies at .../unpacked/TOKEN/NUMBER, TOKEN that of the tar.
    let parts = line.path.split(separator: "/").map(String.init)
    if parts.count > 2, parts[parts.count - 3] == Self.unpacked, let number = Int(parts.last ?? ""),
      let tar = try self.line(of: parts[parts.count - 2], in: lines)
    {
      return place(tar.path, number)
    }
    return SourcePlace(argument: 0, root: "", path: line.path)
  }

  /// What the data set's pseudonyms are made with.
  static func salt(_ workspace: Workspace) throws(ImageError) -> [UInt8] {
    guard AtomicFile.exists(workspace.job) else { throw absent }
    return try Job.read(workspace).salt
  }

  private static let absent = ImageError(
    .missing, "There is no private folder of a data set there.",
    remedy: "Name the data set by --out, and its private folder by --private if it lies elsewhere.")

  private static let unpacked = "unpacked"

  private func place(_ archive: String, _ index: Int) -> SourcePlace {
    SourcePlace(
      argument: 0, root: "", path: archive,
      member: .init(index: index, name: ArchiveNames().name(index, in: archive)))
  }

  private func line(of token: String, in lines: [ArraySlice<UInt8>]) throws(ImageError)
    -> SourceLine?
  {
    let quoted = Array("\"\(token)\"".utf8)
    for bytes in lines where bytes.contains(quoted) {
      let line = try StoredJSON.decode(SourceLine.self, bytes)
      if line.source == token { return line }
    }
    return nil
  }
}
