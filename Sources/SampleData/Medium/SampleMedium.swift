import Glibc
import ImageFormats
import MedicalImaging

/// The folder that an export is written to, as a scanner writes a medium: instances under names that
/// say nothing, and a DICOMDIR that lists them.
struct SampleMedium {
  private let root: String
  private var directory = DICOMDirectoryWriter(fileSetID: "GMAI_SAMPLE")
  private(set) var files = 0
  private(set) var bytes = 0

  init(root: String) { self.root = root }

  /// Writes an instance as the `position`-th file of its series' folder.
  mutating func add(_ object: DICOMObject, of series: SampleSeries, position: Int)
    throws(ImageError)
  {
    let components =
      ["DICOM"] + series.folders + ["IM" + Self.digits(position, 4)]
    try directory.add(object, file: components)
    try write(DICOMWriter.file(object), to: components.joined(separator: "/"))
  }

  /// Writes what is no instance.
  mutating func write(_ content: [UInt8], to path: String) throws(ImageError) {
    try makeFolders(of: path)
    let descriptor = unsafe open(root + "/" + path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(errno) }
    defer { close(descriptor) }
    let result: Result<Void, ImageError> = unsafe content.withUnsafeBytes { bytes in
      do throws(ImageError) {
        return .success(unsafe try DescriptorOutput.write(bytes, to: descriptor))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    files += 1
    bytes += content.count
  }

  /// Writes the DICOMDIR, once everything is there.
  mutating func finish() throws(ImageError) { try write(directory.file(), to: "DICOMDIR") }

  /// A number with leading zeros.
  static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private func makeFolders(of path: String) throws(ImageError) {
    let whole = root + "/" + path
    for end in whole.indices where whole[end] == "/" && end > whole.startIndex {
      guard unsafe mkdir(String(whole[..<end]), 0o755) == 0 || errno == EEXIST else {
        throw Self.failure(errno)
      }
    }
  }

  private static func failure(_ number: Int32) -> ImageError {
    number == EEXIST
      ? ImageError(.outputTaken, "The folder already holds files of a sample export.")
      : DescriptorOutput.failure(number)
  }
}
