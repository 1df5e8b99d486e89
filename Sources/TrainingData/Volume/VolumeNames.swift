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
