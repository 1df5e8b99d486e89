import Glibc
import MedicalImaging

/// The folder that slices are written to. They are made in a folder within it, and get their names when
/// all of them are there; where they do not, a folder that was made for them goes again.
final class SliceFolder {
  /// Where they are made.
  let staging: String
  private let path: String
  private let inside: StagingFolder
  private let isNew: Bool
  private var isFilled = false

  /// - Throws: `outputTaken` where there is a file of its name, or something in it.
  static func check(_ path: String) throws(ImageError) {
    guard AtomicFile.exists(path) else { return }
    guard let entries = FolderTree.entries(path) else {
      throw ImageError(.outputTaken, "--out names something that is no folder, or cannot be read.")
    }
    guard entries.isEmpty else {
      throw ImageError(
        .outputTaken, "The folder that --out names is not empty.",
        remedy: "Choose another --out, or move what is there away.")
    }
  }

  /// - Throws: as `check`, and where nothing can be written there.
  init(_ path: String) throws(ImageError) {
    try Self.check(path)
    isNew = !AtomicFile.exists(path)
    self.path = path
    inside = try StagingFolder(in: path.hasSuffix("/") ? path : path + "/")
    staging = inside.path
  }

  /// Gives slices their names, `slices.json` the last.
  func place(_ index: SliceIndex) throws(ImageError) {
    for file in index.files {
      let target = "\(path)/\(index.name(of: file))"
      guard !AtomicFile.exists(target) else {
        throw ImageError(.outputTaken, "A file that would be written is there already.")
      }
      guard unsafe rename("\(staging)/images/\(file.row.image)", target) == 0 else {
        throw AtomicFile.failure(errno)
      }
    }
    try AtomicFile.write(index.json, to: path + "/slices.json")
    isFilled = true
  }

  deinit {
    FolderTree.remove(staging)
    // Only an empty one goes.
    if isNew, !isFilled { unsafe rmdir(path) }
  }
}
