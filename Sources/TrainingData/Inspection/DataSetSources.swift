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
    let way = try ArchivePath(to: line.location) { token throws(ImageError) in
      try self.line(of: token, in: lines)?.location
    }
    var members: [SourcePlace.Member] = []
    for step in way.steps {
      members.append(.init(index: step.index, name: try name(of: step.location, in: lines)))
    }
    return SourcePlace(argument: 0, root: "", path: way.file, members: members)
  }

  /// What the data set's pseudonyms are made with.
  static func salt(_ workspace: Workspace) throws(ImageError) -> [UInt8] {
    guard AtomicFile.exists(workspace.job) else { throw absent }
    return try Job.read(workspace).salt
  }

  private static let absent = ImageError(
    .missing, "There is no private folder of a data set there.",
    remedy: "Name the data set by --out, and its private folder by --private if it lies elsewhere.")

  private func line(of token: String, in lines: [ArraySlice<UInt8>]) throws(ImageError)
    -> SourceLine?
  {
    try line(in: lines, holding: "\"\(token)\"") { $0.source == token }
  }

  private func name(of location: SourceLocation, in lines: [ArraySlice<UInt8>]) throws(ImageError)
    -> String?
  {
    // A path of the user's may be written with escapes; a number, and the name of an unpacked file,
    // stand there as they are.
    let text =
      location.member.map { "\"member\":\($0)" }
      ?? (location.path.split(separator: "/").last ?? "") + "\""
    return try line(in: lines, holding: text) { $0.location == location }?.name
  }

  /// The first line that is meant; only those that hold some text are decoded.
  private func line(
    in lines: [ArraySlice<UInt8>], holding text: String, _ isMeant: (SourceLine) -> Bool
  ) throws(ImageError) -> SourceLine? {
    let text = Array(text.utf8)
    for bytes in lines where bytes.contains(text) {
      let line = try StoredJSON.decode(SourceLine.self, bytes)
      if isMeant(line) { return line }
    }
    return nil
  }
}
