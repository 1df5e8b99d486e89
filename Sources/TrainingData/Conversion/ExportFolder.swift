import Glibc
import MedicalImaging

/// The folder that pictures of an export are written to. They are made in a folder within it, and get their
/// names when all of them are there; where they do not, a folder that was made for them goes again.
final class ExportFolder {
  /// Where they are made.
  let staging: String
  private let path: String
  private let inside: StagingFolder
  private let isNew: Bool

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

  /// Gives a file or a folder of the staging folder its name.
  func place(_ staged: String, as name: String) throws(ImageError) {
    let target = "\(path)/\(name)"
    guard !AtomicFile.exists(target) else {
      throw ImageError(.outputTaken, "A file that would be written is there already.")
    }
    guard unsafe rename("\(staging)/\(staged)", target) == 0 else {
      throw AtomicFile.failure(errno)
    }
  }

  /// Writes a file that says what the others are, the last.
  func write(_ bytes: [UInt8], as name: String) throws(ImageError) {
    try AtomicFile.write(bytes, to: "\(path)/\(name)")
  }

  deinit {
    FolderTree.remove(staging)
    // Only an empty one goes.
    if isNew { unsafe rmdir(path) }
  }
}
