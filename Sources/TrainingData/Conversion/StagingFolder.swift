import Glibc
import MedicalImaging

/// A folder on the disk of the output in which it is made, so that each file of it can be given its name
/// in one step; gone with its holder.
final class StagingFolder {
  let path: String

  /// Below a folder, which is made where it is missing; it ends with a slash, or is empty for the current
  /// one.
  init(in folder: String) throws(ImageError) {
    if !folder.isEmpty { try AtomicFile.makeFolder(folder) }
    var template = Array("\(folder).gmai-prep-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw AtomicFile.failure(errno) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { FolderTree.remove(path) }
}
