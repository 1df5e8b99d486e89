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
    if archive?.path != location.path {
      archive = (location.path, try ZipArchive(path: location.path))
    }
    guard let zip = archive?.zip else { throw ImageError(.brokenArchive, "The archive is gone.") }
    return try SourceBytes(zip.read(member, limit: memoryLimit))
  }
}
