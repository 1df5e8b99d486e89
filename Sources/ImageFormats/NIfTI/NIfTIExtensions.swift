import MedicalImaging

/// The chain of extensions behind a header (nifti1.h, "Extended Header"): each says its own length.
/// They may hold a DICOM header or a history with names: nothing of them is kept.
enum NIfTIExtensions {
  /// More than these are no extensions: the longest chains known have a handful.
  private static let most = 10_000

  /// Whether all lengths are multiples of 16 that fit before `limit`.
  ///
  /// `head` holds the header and the four bytes before `start` whose first says that there are
  /// extensions; `limit` is where voxels begin, nil where the chain goes to the end of the file.
  /// Throws what reading throws.
  static func areSound(
    _ head: [UInt8], _ plain: PlainBytes, from start: Int, to limit: Int?, _ numbers: HeaderNumbers
  ) throws(ImageError) -> Bool {
    guard areThere(head, before: start) else { return true }
    let room = limit ?? plain.mostBytes
    var at = start
    for _ in 0..<most {
      if at == room { return true }
      let words = try plain.copy(at: at, count: min(8, room - at))
      if words.isEmpty && limit == nil { return true }
      guard words.count == 8 else { return false }
      let size = HeaderNumbers(words, isBigEndian: numbers.isBigEndian).integer(at: 0, size: 4)
      guard size >= 16, size % 16 == 0, size <= room - at else { return false }
      at += size
    }
    return false
  }

  /// Whether the four bytes before `start` announce extensions.
  static func areThere(_ head: [UInt8], before start: Int) -> Bool {
    head.count >= start && head[start - 4] != 0
  }
}
