/// The name of one file of a pair, and those of the others.
public struct PairName: Sendable {
  /// The path without its ending.
  private let stem: Substring
  private let isCompressed: Bool
  private let isUpperCase: Bool
  /// Whether it is that of the voxels.
  public let isImage: Bool

  /// Nil where the name does not end in .hdr or .img, or in these and .gz.
  public init?(_ path: String) {
    var rest = path[...]
    isCompressed = rest.lowercased().hasSuffix(".gz")
    if isCompressed { rest = rest.dropLast(3) }
    let ending = rest.suffix(4)
    guard [".hdr", ".img"].contains(ending.lowercased()) else { return nil }
    isImage = ending.lowercased() == ".img"
    isUpperCase = ending == ending.uppercased()
    stem = rest.dropLast(4)
  }

  /// The other file, "hdr" or "img": compressed as this one, else not as this one.
  public func candidates(_ ending: String) -> [String] {
    let plain = stem + "." + (isUpperCase ? ending.uppercased() : ending)
    let gzip = plain + (isUpperCase ? ".GZ" : ".gz")
    return (isCompressed ? [gzip, plain] : [plain, gzip]).map(String.init)
  }

  /// The file in which SPM puts the place of an Analyze volume.
  public var matrix: String { String(stem + (isUpperCase ? ".MAT" : ".mat")) }
}
