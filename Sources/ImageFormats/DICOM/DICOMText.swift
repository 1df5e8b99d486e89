/// Texts of a DICOM header: padding, values, numbers, times and character sets (PS3.5 6).
enum DICOMText {
  static func latin1(_ bytes: [UInt8]) -> String {
    // Nearly every value is ASCII, which needs no decoding.
    bytes.allSatisfy { $0 < 0x80 }
      ? String(decoding: bytes, as: UTF8.self)
      : String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// Without leading and trailing blanks and NULs.
  static func trimmed(_ text: some StringProtocol) -> String {
    // Blanks and controls are one byte each in UTF-8, so no character is cut.
    let bytes = Substring(text).utf8
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(Substring(bytes[first...last]))
  }

  /// The values between backslashes, trimmed.
  static func values(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: "\\", omittingEmptySubsequences: false).map(trimmed)
  }

  /// A Decimal String's value; nil where it is none or not finite.
  static func decimal(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A whole number, also where it is written as a decimal one.
  static func integer(_ text: String) -> Int? {
    if let value = Int(text) { return value }
    guard let value = decimal(text), value.rounded() == value, abs(value) < 1e15 else { return nil }
    return Int(value)
  }

  /// Seconds since midnight of HHMMSS.FFFFFF, or of HH:MM:SS.FFFFFF as ACR-NEMA wrote it.
  static func time(_ text: String) -> Double? {
    let digits = text.filter { $0 != ":" }
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.map(Array.init), whole.count >= 2, whole.count % 2 == 0,
      whole.count <= 6, whole.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    var fields = stride(from: 0, to: whole.count, by: 2).compactMap {
      Int(String(whole[$0..<$0 + 2]))
    }
    while fields.count < 3 { fields.append(0) }
    guard fields[0] < 24, fields[1] < 60, fields[2] <= 60 else { return nil }
    var seconds = Double(fields[0] * 3600 + fields[1] * 60 + fields[2])
    if parts.count == 2 {
      guard parts[1].allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      seconds += Double("0." + (parts[1].isEmpty ? "0" : String(parts[1]))) ?? 0
    }
    return seconds
  }

  /// Text of a header in UTF-8, from the character sets of Specific Character Set (PS3.3
  /// C.12.1.1.2); bytes that those do not explain are taken as UTF-8, or
  /// as Latin-1 where they are none.
  static func decoded(_ bytes: [UInt8], characterSets: String) -> String {
    if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return trimmed(latin1(bytes)) }
    return trimmed(
      DICOMCharacterSet(characterSets).decode(bytes)
        ?? String(validating: bytes, as: UTF8.self) ?? latin1(bytes))
  }
}
