/// Siemens' own header within a DICOM element, in its second form ("SV10") or its first, as far as it
/// is numbers: a count of fields, each with a name and values written as text. Little endian.
///
/// Nobody published it; the form is that which nibabel's documentation describes.
struct CSAHeader {
  private let bytes: [UInt8]
  private(set) var values: [String: [Double]] = [:]

  /// The fields of these names; others, and what is damaged, are absent.
  init(_ bytes: [UInt8], fields: Set<String>) {
    self.bytes = bytes
    let isSecond = bytes.starts(with: "SV10".utf8)
    var at = isSecond ? 8 : 0
    guard let count = number(at), (1...1024).contains(count) else { return }
    // Behind the count stands 77.
    at += 8
    for _ in 0..<count {
      guard let items = number(at + 76), (0...4096).contains(items) else { return }
      let name = text(at, 64)
      at += 84
      var found: [Double] = []
      for _ in 0..<items {
        // Of an item's four numbers the second is its length, in the first form the first less the
        // number of items.
        guard let first = number(at), let second = number(at + 4) else { return }
        let length = isSecond ? second : first - items
        at += 16
        guard length >= 0, length <= bytes.count - at else { return }
        if fields.contains(name), let value = DICOMText.decimal(text(at, length)) {
          found.append(value)
        }
        at += (length + 3) / 4 * 4
      }
      if !found.isEmpty { values[name] = found }
    }
  }

  private func number(_ at: Int) -> Int? {
    guard at >= 0, at <= bytes.count - 4 else { return nil }
    return Int(
      Int32(
        bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }))
  }

  /// Text up to its NUL.
  private func text(_ at: Int, _ length: Int) -> String {
    let end = min(at + length, bytes.count)
    guard at < end else { return "" }
    return DICOMText.trimmed(DICOMText.latin1(Array(bytes[at..<end].prefix { $0 != 0 })))
  }
}
