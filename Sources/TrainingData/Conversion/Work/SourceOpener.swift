import ImageFormats
import MedicalImaging

/// Opens sources, wherever their bytes lie; keeps the archive that it opened last.
final class SourceOpener {
  /// The most that a member of an archive may unpack to, in bytes.
  let memoryLimit: Int
  private var archive: (path: String, zip: ZipArchive)?

  init(memoryLimit: Int) { self.memoryLimit = memoryLimit }

  func open(_ location: SourceLocation) throws(ImageError) -> SourceBytes {
    guard let member = location.member else { return try SourceBytes(path: location.path) }
    if archive?.path != location.path {
      archive = (location.path, try ZipArchive(path: location.path))
    }
    guard let zip = archive?.zip else { throw ImageError(.brokenArchive, "The archive is gone.") }
    return try SourceBytes(zip.read(member, limit: memoryLimit))
  }
}
