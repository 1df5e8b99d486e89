import MedicalImaging

/// The orientation of an Exif block (Exif 2.3): a small TIFF file of its own.
enum EXIF {
  /// Upright where the block does not say, or cannot be read.
  static func orientation(_ exif: borrowing Span<UInt8>) -> PlaneOrientation {
    guard exif.count >= 8 else { return .upright }
    let isLittle = exif[0] == 0x49 && exif[1] == 0x49
    guard isLittle || exif[0] == 0x4D && exif[1] == 0x4D else { return .upright }
    func number(_ at: Int, _ size: Int) -> Int? {
      guard at >= 0, at <= exif.count - size else { return nil }
      var value = 0
      for i in 0..<size { value = value << 8 | Int(exif[at + (isLittle ? size - 1 - i : i)]) }
      return value
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return .upright }
    for entry in 0..<entries {
      let at = directory + 2 + 12 * entry
      guard let tag = number(at, 2), let type = number(at + 2, 2) else { return .upright }
      guard tag == 0x0112 else { continue }
      // A SHORT; some write a LONG.
      guard type == 3 || type == 4, let value = number(at + 8, type == 3 ? 2 : 4) else {
        return .upright
      }
      return PlaneOrientation(tag: value)
    }
    return .upright
  }
}
