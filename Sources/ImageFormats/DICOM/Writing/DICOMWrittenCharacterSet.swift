/// The character sets that this toolkit writes data sets in: the defined terms of Specific Character Set
/// (PS3.3 C.12.1.1.2).
enum DICOMWrittenCharacterSet: String {
  /// The default repertoire: absent, or empty.
  case ascii = ""
  case latin1 = "ISO_IR 100"
  case cyrillic = "ISO_IR 144"
  case utf8 = "ISO_IR 192"

  /// The bytes of a text, or nil where it holds a character that the set lacks.
  func encode(_ text: String) -> [UInt8]? {
    if self == .utf8 { return Array(text.utf8) }
    var out: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch (self, scalar.value) {
      case (_, 0..<0x80), (.latin1, 0xA0...0xFF):
        out.append(UInt8(scalar.value))
      case (.cyrillic, 0x401...0x40C), (.cyrillic, 0x40E...0x44F), (.cyrillic, 0x451...0x45C),
        (.cyrillic, 0x45E...0x45F):
        // ISO 8859-5 follows Unicode's block from A1 on.
        out.append(UInt8(scalar.value - 0x401 + 0xA1))
      default:
        return nil
      }
    }
    return out
  }
}
