import MedicalImaging

/// The files of one volume: that which was named and, where voxels are in a file of their own, the
/// one that belongs to it.
public struct NIfTISource: Sendable {
  /// The bytes of the .nii or .hdr file.
  public let header: SourceBytes
  /// The bytes of the file that holds the voxels: `header` itself, or the .img file.
  public let voxels: SourceBytes
  /// The bytes of the .mat file beside an Analyze header, if there is one.
  public let matrix: SourceBytes?
  /// All paths that were opened, that of the header first.
  public let paths: [String]

  /// Opens what a path names by content: a .nii file, or the .hdr or .img file of a pair. Voxels come
  /// from the very file that was named, or the .img beside a .hdr: `a.hdr` has `a.img`, else
  /// `a.img.gz`; `a.hdr.gz` has `a.img.gz`, else `a.img`.
  ///
  /// Throws what `SourceBytes` and `NIfTIReader` throw; `.missing` where the other file of a pair is not there.
  public init(path: String) throws(ImageError) {
    let named = try SourceBytes(path: path)
    guard NIfTIReader.recognises(head: named.head(ImageFormats.headCount)) else {
      guard let name = PairName(path), name.isImage else {
        // The reader says what is wrong with it.
        self.init(header: named, voxels: named, paths: [path])
        return
      }
      let (header, headerPath) = try Self.first(of: name.candidates("hdr"), "header")
      let matrix = try? SourceBytes(path: name.matrix)
      self.init(header: header, voxels: named, matrix: matrix, paths: [headerPath, path])
      return
    }
    // A header that cannot be read says more than a file that is not there.
    guard try NIfTIReader.read(named).isPair else {
      self.init(header: named, voxels: named, paths: [path])
      return
    }
    guard let name = PairName(path), !name.isImage else {
      throw ImageError(
        .missing, "The header is one of a pair, and its name does not end as .hdr does.",
        remedy: "Name the header x.hdr and its voxels x.img.")
    }
    let (voxels, voxelPath) = try Self.first(of: name.candidates("img"), "file of the voxels")
    let matrix = try? SourceBytes(path: name.matrix)
    self.init(header: named, voxels: voxels, matrix: matrix, paths: [path, voxelPath])
  }

  /// Of files that are open, such as members of an archive.
  public init(
    header: SourceBytes, voxels: SourceBytes, matrix: SourceBytes? = nil, paths: [String] = []
  ) {
    self.header = header
    self.voxels = voxels
    self.matrix = matrix
    self.paths = paths
  }

  /// The first candidate that is there.
  private static func first(of paths: [String], _ what: String) throws(ImageError) -> (
    SourceBytes, String
  ) {
    for path in paths {
      do throws(ImageError) {
        return (try SourceBytes(path: path), path)
      } catch  where error.code == .missing {
        continue
      }
    }
    throw ImageError(
      .missing, "The \(what) that belongs to it is not there.",
      remedy: "Put the .hdr and the .img file of the volume into one folder.")
  }
}

/// The name of one file of a pair, and those of the others.
private struct PairName {
  /// The path without its ending.
  private let stem: Substring
  private let isCompressed: Bool
  private let isUpperCase: Bool
  let isImage: Bool

  /// Nil where the name does not end in .hdr or .img, or in these and .gz.
  init?(_ path: String) {
    var rest = path[...]
    isCompressed = rest.lowercased().hasSuffix(".gz")
    if isCompressed { rest = rest.dropLast(3) }
    let ending = rest.suffix(4)
    guard [".hdr", ".img"].contains(ending.lowercased()) else { return nil }
    isImage = ending.lowercased() == ".img"
    isUpperCase = ending == ending.uppercased()
    stem = rest.dropLast(4)
  }

  /// The other file: compressed as this one, else not as this one.
  func candidates(_ ending: String) -> [String] {
    let plain = stem + "." + (isUpperCase ? ending.uppercased() : ending)
    let gzip = plain + (isUpperCase ? ".GZ" : ".gz")
    return (isCompressed ? [gzip, plain] : [plain, gzip]).map(String.init)
  }

  var matrix: String { String(stem + (isUpperCase ? ".MAT" : ".mat")) }
}
