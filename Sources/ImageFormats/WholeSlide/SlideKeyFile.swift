import MedicalImaging

/// The file by which Hamamatsu's slides of several files are opened, VMS and VMU: a text of keys and
/// values, among them the names of the other files.
public enum SlideKeyFile {
  /// More bytes than such a file has.
  public static let mostBytes = 1 << 16

  private static let groups = [
    "[Virtual Microscope Specimen]", "[Uncompressed Virtual Microscope Specimen]",
  ]

  static func recognises(head: [UInt8]) -> Bool {
    head.contains(UInt8(ascii: "[")) && lines(head).contains { groups.contains(String($0)) }
  }

  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes.prefix(mostBytes), as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  /// What stands behind the keys, from the file's first bytes; nil where it is no such file.
  public static func values(_ bytes: [UInt8]) -> Set<String>? {
    guard recognises(head: bytes) else { return nil }
    return Set(
      lines(bytes).compactMap { line in
        line.firstIndex(of: "=").map { at in
          var value = line[line.index(after: at)...].drop(while: \.isWhitespace)
          while value.last?.isWhitespace == true { value.removeLast() }
          return String(value)
        }
      })
  }
}
