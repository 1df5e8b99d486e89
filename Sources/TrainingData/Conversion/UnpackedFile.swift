/// A file in the private folder that came out of an archive: `unpacked/TOKEN/NAME`, TOKEN that of
/// the archive, NAME a number and perhaps an ending.
struct UnpackedFile: Hashable {
  /// The folder of them all, below the private one.
  static let folder = "unpacked"
  /// How a file is called that was copied out of a zip: a zip, whose members are read where it lies, or
  /// a slide.
  static let archive = "archive"

  var token: String
  /// Which of a tar's files it is, from 0; nil where it is the archive or the slide itself.
  var number: Int?

  /// Nil where a path has another form. One of this form may still be a file of the user's: then
  /// nothing is known by its token.
  init?(path: String) {
    guard path.utf8.contains(UInt8(ascii: "/")) else { return nil }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).suffix(3).map(
      String.init)
    guard parts.count == 3, parts[0] == Self.folder else { return nil }
    token = parts[1]
    number = parts[2].split(separator: ".", omittingEmptySubsequences: false).first.flatMap {
      Int($0)
    }
    if number == nil && parts[2] != Self.archive { return nil }
  }
}
