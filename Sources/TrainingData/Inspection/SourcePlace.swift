/// Where a source lies, for the person who named it. Names of files may be those of people: a place
/// never reaches a data set.
public struct SourcePlace: Sendable, Equatable {
  /// Which of the named sources it was found in, from 0.
  public var argument: Int
  /// The named folder, or the folder of the named file, as it was typed; "" for the current one.
  public var root: String
  /// Its path below `root`.
  public var path: String
  /// What it is in the archive at `path`: none where it is a file of its own, two where it is in an
  /// archive that is a member itself, the outer one first.
  public var members: [Member]

  /// A file in an archive.
  public struct Member: Sendable, Equatable {
    /// Its number among the entries of a zip, or among the files of a tar, from 0.
    public var index: Int
    /// Its name in the archive; nil where it was not asked for, or is not known any more.
    public var name: String?

    public init(index: Int, name: String?) {
      self.index = index
      self.name = name
    }
  }

  public init(argument: Int, root: String, path: String, members: [Member] = []) {
    self.argument = argument
    self.root = root
    self.path = path
    self.members = members
  }

  /// A path that can be opened: of the outermost archive where it is a member.
  public var file: String {
    root.isEmpty ? path : root.hasSuffix("/") ? root + path : root + "/" + path
  }
}

extension SourcePlace: Comparable {
  /// As the sources were named; then by the bytes of their paths, members in their archives' order.
  public static func < (a: Self, b: Self) -> Bool {
    if a.argument != b.argument { return a.argument < b.argument }
    if a.path != b.path { return a.path.utf8.lexicographicallyPrecedes(b.path.utf8) }
    return a.members.map(\.index).lexicographicallyPrecedes(b.members.map(\.index))
  }
}
