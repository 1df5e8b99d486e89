import MedicalImaging

/// The files of one image: that which was named and, of a NIfTI or Analyze volume whose voxels are in
/// a file of their own, the one that belongs to it.
public struct ImageFiles: Sendable {
  /// The bytes of the file, of a pair those of the .hdr file.
  public let header: SourceBytes
  /// The bytes of the file that holds the voxels: `header` itself, or the .img file.
  public let voxels: SourceBytes
  /// The bytes of the .mat file beside an Analyze header, if there is one.
  public let matrix: SourceBytes?
  /// All paths that were opened, that of the header first.
  public let paths: [String]
  /// The bytes of a slide's other files: of a DICOM slide the instances that hold tiles of its level.
  public var parts: [SourceBytes] = []

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
      let matrix = Self.matrix(name)
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
        remedy: "Name the header x.hdr and its voxels x.img; unpack a tar that holds them.")
    }
    let (voxels, voxelPath) = try Self.first(of: name.candidates("img"), "file of the voxels")
    let matrix = Self.matrix(name)
    self.init(header: named, voxels: voxels, matrix: matrix, paths: [path, voxelPath])
  }

  /// Of a file that is all of its image.
  public init(_ bytes: SourceBytes) { self.init(header: bytes, voxels: bytes) }

  /// Whether voxels are in a file of their own.
  public var isPair: Bool { header !== voxels }

  /// Bytes of all of them that are looked at for pixels.
  public var count: Int {
    parts.reduce(header.count + (isPair ? voxels.count : 0)) { $0 + $1.count }
  }

  /// SHA-256 of the files that pixels need, nearest first: that of the voxels, then the header's; of a
  /// slide its parts'.
  public var sha256: [String] {
    ((isPair ? [voxels, header] : [header]) + parts).map { bytes in
      unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
    }
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

  private static func matrix(_ name: PairName) -> SourceBytes? {
    name.candidates("mat").lazy.compactMap { try? SourceBytes(path: $0) }.first
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
