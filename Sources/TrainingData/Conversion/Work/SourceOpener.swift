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
    return ImageFiles(header: bytes, voxels: bytes, paths: paths)
  }

  /// A header and the voxels beside it; `location` is that of either.
  ///
  /// Throws `.missing` where one is not there: in archives, names are not looked at.
  func pair(_ location: SourceLocation) throws(ImageError) -> ImageFiles {
    guard location.member == nil else {
      throw ImageError(
        .missing, "The voxels of the volume are in another file of the archive.",
        remedy: "Unpack the archive and name the folder.")
    }
    return try ImageFiles(path: location.path)
  }

  func open(_ location: SourceLocation) throws(ImageError) -> SourceBytes {
    guard let member = location.member else { return try SourceBytes(path: location.path) }
    return try SourceBytes(zip(location.path).read(member, limit: memoryLimit))
  }

  /// The kind of archive that a member of another one is; nil for a file of its own, and for what is
  /// none. Of the member only its beginning is read: it may be larger than memory.
  func archive(in location: SourceLocation) throws(ImageError) -> ArchiveKind? {
    guard let member = location.member else { return nil }
    let head = try zip(location.path).beginning(of: member, count: ImageFormats.headCount)
    guard case .archive(let kind) = ImageFormats.recognise(head: head)?.role else { return nil }
    return kind
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
