import Glibc
import MedicalImaging

/// Names of the files of an export: FILE.nii and FILE.json, or FILE_1.nii, FILE_1.json, FILE_2.nii
/// and so on where there are several.
struct VolumeNames {
  /// Without the extension.
  private let stem: String
  private let fileExtension: String

  /// Whether the output is to be compressed.
  var isCompressed: Bool { fileExtension == ".nii.gz" }

  /// Where the output goes; ends with a slash, or is empty for the current folder.
  let folder: String

  /// - Throws: `usage` where a name ends neither with .nii nor with .nii.gz, or has nothing before it.
  init(_ path: String) throws(ImageError) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
    guard let name, let found = [".nii.gz", ".nii"].first(where: name.hasSuffix),
      name.count > found.count
    else {
      throw ImageError(
        .usage, "--out names a file that ends neither with .nii nor with .nii.gz.",
        remedy: "Name it so: .nii.gz is compressed.")
    }
    fileExtension = found
    stem = String(path.dropLast(found.count))
    folder = String(path.dropLast(name.count))
  }

  /// The paths of file `index`, counted from 0, of `count`.
  func paths(_ index: Int, of count: Int) -> (volume: String, json: String) {
    let stem = count == 1 ? stem : "\(stem)_\(index + 1)"
    return (stem + fileExtension, stem + ".json")
  }
}

/// A folder beside the output in which it is made, so that it can be given its name in one step; gone
/// with its holder.
final class StagingFolder {
  let path: String

  init(beside names: VolumeNames) throws(ImageError) {
    if !names.folder.isEmpty { try AtomicFile.makeFolder(names.folder) }
    var template = Array("\(names.folder).gmai-prep-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw AtomicFile.failure(errno) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { FolderTree.remove(path) }
}
