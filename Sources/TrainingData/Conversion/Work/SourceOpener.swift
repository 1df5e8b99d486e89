import ImageFormats
import MedicalImaging

/// Opens sources, wherever their bytes lie; keeps the archive that it opened last.
final class SourceOpener {
  /// The most that a member of an archive may unpack to, in bytes.
  let memoryLimit: Int
  private var archive: (path: String, zip: ZipArchive)?

  init(memoryLimit: Int) { self.memoryLimit = memoryLimit }

  /// All files of an image whose header is known.
  func files(_ location: SourceLocation, of header: InstanceHeader) throws(ImageError) -> ImageFiles
  {
    if header.pixels.isPair { return try pair(location) }
    let bytes = try open(location)
    // Slides of makers are opened by their path alone.
    let paths = location.member == nil ? [location.path] : []
    var files = ImageFiles(header: bytes, voxels: bytes, paths: paths)
    if header.description.fileKind == .wholeSlide {
      files.parts = try SlideParts.files(of: location.path).map { path throws(ImageError) in
        try SourceBytes(path: path)
      }
    }
    return files
  }

  /// All files of an instance as it was planned.
  func files(_ instance: PlannedInstance, of header: InstanceHeader) throws(ImageError)
    -> ImageFiles
  {
    var files = try files(instance.location, of: header)
    for part in instance.slide?.parts ?? [] { files.parts.append(try open(part.location)) }
    return files
  }

  /// All files of an annotation.
  func files(_ annotation: PlannedAnnotation) throws(ImageError) -> ImageFiles {
    let bytes = try open(annotation.location)
    guard annotation.kind == .labelVolume, try NIfTIReader.read(bytes).isPair else {
      return ImageFiles(header: bytes, voxels: bytes, paths: [])
    }
    return try pair(annotation.location)
  }

  /// A header and the voxels beside it; `location` is that of the header.
  ///
  /// Throws `.missing` where the voxels are not there.
  func pair(_ location: SourceLocation) throws(ImageError) -> ImageFiles {
    guard let member = location.member else { return try ImageFiles(path: location.path) }
    let zip = try zip(location.path)
    guard let name = zip.name(of: member).flatMap({ PairName($0) }),
      let voxels = zip.member(of: name, "img")
    else {
      throw ImageError(
        .missing, "The file of the voxels that belongs to it is not in the archive.",
        remedy: "Pack the .hdr and the .img file of the volume together, in one folder.")
    }
    let matrix = try zip.member(of: name, "mat").map { matrix throws(ImageError) in
      try open(zip, matrix)
    }
    return ImageFiles(
      header: try open(zip, member), voxels: try open(zip, voxels), matrix: matrix)
  }

  /// Whether it is the second file of a pair whose header lies beside it: it is read with that.
  func isVoxels(_ location: SourceLocation) throws(ImageError) -> Bool {
    guard let member = location.member else {
      guard let name = PairName(location.path), name.isImage else { return false }
      return name.candidates("hdr").contains { path in
        guard let header = try? SourceBytes(path: path) else { return false }
        return NIfTIReader.recognises(head: header.head(ImageFormats.headCount))
      }
    }
    let zip = try zip(location.path)
    guard let name = zip.name(of: member).flatMap({ PairName($0) }), name.isImage else {
      return false
    }
    guard let header = zip.member(of: name, "hdr") else { return false }
    return NIfTIReader.recognises(
      head: try zip.beginning(of: header, count: ImageFormats.headCount))
  }

  /// Bytes of what `files` opens, as an archive's directory or the disk says.
  func bytes(_ location: SourceLocation) throws(ImageError) -> Int {
    guard let member = location.member else { return SourceDiscovery.bytes(location.path) }
    return try zip(location.path).bytes(ofImageAt: member)
  }

  func open(_ location: SourceLocation) throws(ImageError) -> SourceBytes {
    guard let member = location.member else { return try SourceBytes(path: location.path) }
    return try open(zip(location.path), member)
  }

  private func open(_ zip: ZipArchive, _ member: Int) throws(ImageError) -> SourceBytes {
    try SourceBytes(zip.read(member, limit: memoryLimit))
  }

  /// The first bytes, enough to recognise a format.
  func head(_ location: SourceLocation) throws(ImageError) -> [UInt8] {
    guard let member = location.member else {
      return try SourceBytes(path: location.path).head(ImageFormats.headCount)
    }
    return try zip(location.path).beginning(of: member, count: ImageFormats.headCount)
  }

  /// The kind of archive that a member of another one is; nil for a file of its own, and for what is
  /// none. Of the member only its beginning is read: it may be larger than memory.
  func archive(in location: SourceLocation) throws(ImageError) -> ArchiveKind? {
    guard location.member != nil,
      case .archive(let kind) = ImageFormats.recognise(head: try head(location))?.role
    else { return nil }
    return kind
  }

  /// True of a member of a zip that may be a slide and is larger than may be held in memory: only as a
  /// file of its own it can be looked at.
  func isTooLargeSlide(_ location: SourceLocation) throws(ImageError) -> Bool {
    guard let member = location.member, try zip(location.path).size(of: member) > memoryLimit else {
      return false
    }
    return SlideClaim.begins(try head(location)) != .none
  }

  /// True where a compressed file, or such a member of an archive, holds a tar.
  func isTar(_ location: SourceLocation) throws(ImageError) -> Bool {
    guard let member = location.member else { return try TarArchive.isTar(path: location.path) }
    return TarArchive.isTar(
      beginning: try zip(location.path).beginning(of: member, count: TarArchive.beginningCount))
  }

  private func zip(_ path: String) throws(ImageError) -> ZipArchive {
    if let archive, archive.path == path { return archive.zip }
    let zip = try ZipArchive(path: path)
    archive = (path, zip)
    return zip
  }
}

extension ZipArchive {
  /// The member of a pair, "hdr", "img" or "mat", that belongs to another one of it.
  fileprivate func member(of pair: PairName, _ ending: String) -> Int? {
    pair.candidates(ending).lazy.compactMap { self.member(named: $0) }.first
  }

  /// Bytes of a member, and of the voxels beside it where its name is that of a header.
  func bytes(ofImageAt index: Int) throws(ImageError) -> Int {
    let bytes = try size(of: index)
    guard let name = name(of: index).flatMap({ PairName($0) }), !name.isImage,
      let voxels = member(of: name, "img")
    else { return bytes }
    let (sum, overflow) = bytes.addingReportingOverflow(try size(of: voxels))
    return overflow ? .max : sum
  }
}
