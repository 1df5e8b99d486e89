/// The name of one file of a pair, and those of the others.
public struct PairName: Sendable {
  /// The path without its ending.
  let stem: Substring
  /// ".hdr", ".img" or ".mat", with ".gz" where the name has it; in lower case.
  let ending: String
  private let isUpperCase: Bool

  /// Nil where the name does not end in .hdr or .img, or in these and .gz.
  public init?(_ path: String) {
    self.init(ofAny: path)
    if isMatrix { return nil }
  }

  /// As `init(_:)`, of a matrix as well.
  init?(ofAny path: String) {
    let gzip = path.suffix(3).lowercased() == ".gz" ? ".gz" : ""
    let rest = path.dropLast(gzip.count)
    let kind = rest.suffix(4)
    guard [".hdr", ".img", ".mat"].contains(kind.lowercased()) else { return nil }
    stem = rest.dropLast(4)
    ending = kind.lowercased() + gzip
    isUpperCase = kind == kind.uppercased()
  }

  /// Whether it is that of the voxels.
  public var isImage: Bool { ending.hasPrefix(".img") }
  private var isMatrix: Bool { ending.hasPrefix(".mat") }

  /// Another file: "hdr", "img", or "mat", in which SPM puts the place of an Analyze volume; compressed
  /// as this one, else not as this one.
  public func candidates(_ ending: String) -> [String] {
    let plain = stem + "." + (isUpperCase ? ending.uppercased() : ending)
    let gzip = plain + (isUpperCase ? ".GZ" : ".gz")
    return (self.ending.hasSuffix(".gz") ? [gzip, plain] : [plain, gzip]).map(String.init)
  }
}
