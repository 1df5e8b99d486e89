/// Where a source lies, for the person who named it. Names of files may be those of people: a place
/// never reaches a data set.
public struct SourcePlace: Sendable, Equatable {
  /// Which of the named sources it was found in, from 0.
  public var argument: Int
  /// The named folder, or the folder of the named file, as it was typed; "" for the current one.
  public var root: String
  /// Its path below `root`.
  public var path: String
  /// What it is in the archive at `path`; nil where it is a file of its own.
  public var member: Member?

  /// A file in an archive.
  public struct Member: Sendable, Equatable {
    /// Its number among the entries of a zip, or among the files of a tar, from 0.
    public var index: Int
    /// Its name in the archive; nil where the archive cannot be read any more.
    public var name: String?

    public init(index: Int, name: String?) {
      self.index = index
      self.name = name
    }
  }

  public init(argument: Int, root: String, path: String, member: Member? = nil) {
    self.argument = argument
    self.root = root
    self.path = path
    self.member = member
  }

  /// A path that can be opened: of the archive where it is a member.
  public var file: String {
    root.isEmpty ? path : root.hasSuffix("/") ? root + path : root + "/" + path
  }
}

extension SourcePlace: Comparable {
  /// As the sources were named; then by the bytes of their paths, members in the archive's order.
  public static func < (a: Self, b: Self) -> Bool {
    if a.argument != b.argument { return a.argument < b.argument }
    if a.path != b.path { return a.path.utf8.lexicographicallyPrecedes(b.path.utf8) }
    return (a.member?.index ?? -1) < (b.member?.index ?? -1)
  }
}
