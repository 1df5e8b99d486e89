import Glibc

/// Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1): bytes of a header to text.
struct DICOMCharacterSet {
  /// What bytes from 0x80 on mean, by the names of iconv; nil where only ASCII is declared.
  private let high: String?

  /// `declared` is the element's text, values separated by backslashes.
  init(_ declared: String) {
    let first = DICOMText.values(declared).first ?? ""
    high = Self.names[first.split(separator: " ").last.map(String.init) ?? ""]
  }

  /// Nil where the bytes do not fit their character set.
  func decode(_ bytes: [UInt8]) -> String? {
    guard bytes.contains(0x1B) else { return Self.convert(bytes, from: high ?? "ASCII") }
    var text = ""
    var state = (low: Low.ascii, high: high)
    var run: [UInt8] = []
    var at = 0
    func flush() -> Bool {
      defer { run = [] }
      guard let part = Self.convert(run, state.low, state.high) else { return false }
      text += part
      return true
    }
    while at < bytes.count {
      guard bytes[at] == 0x1B else {
        run.append(bytes[at])
        at += 1
        continue
      }
      guard flush(),
        let escape = Self.escapes.first(where: { bytes[(at + 1)...].starts(with: $0.bytes.utf8) })
      else { return nil }
      switch escape.set {
      case .low(let set): state.low = set
      case .high(let name): state.high = name
      }
      at += 1 + escape.bytes.utf8.count
    }
    return flush() ? text : nil
  }

  private enum Low { case ascii, jisX0208, jisX0212 }
  private enum Designated {
    case low(Low)
    case high(String)
  }

  /// The last word of a defined term -> a name of iconv (PS3.3 tables C.12-2 to C.12-5).
  private static let names = [
    "100": "ISO-8859-1", "101": "ISO-8859-2", "109": "ISO-8859-3", "110": "ISO-8859-4",
    "144": "ISO-8859-5", "127": "ISO-8859-6", "126": "ISO-8859-7", "138": "ISO-8859-8",
    "148": "ISO-8859-9", "203": "ISO-8859-15", "13": "SHIFT_JIS", "166": "TIS-620",
    "192": "UTF-8", "GB18030": "GB18030", "GBK": "GBK",
  ]

  /// What follows ESC -> the set that holds from there on (PS3.3 tables C.12-3, C.12-4).
  private static let escapes: [(bytes: String, set: Designated)] = [
    ("(B", .low(.ascii)), ("(J", .low(.ascii)), ("$B", .low(.jisX0208)), ("$(D", .low(.jisX0212)),
    (")I", .high("SHIFT_JIS")), ("$)C", .high("EUC-KR")), ("$)A", .high("GB2312")),
    ("-A", .high("ISO-8859-1")), ("-B", .high("ISO-8859-2")), ("-C", .high("ISO-8859-3")),
    ("-D", .high("ISO-8859-4")), ("-L", .high("ISO-8859-5")), ("-G", .high("ISO-8859-6")),
    ("-F", .high("ISO-8859-7")), ("-H", .high("ISO-8859-8")), ("-M", .high("ISO-8859-9")),
    ("-b", .high("ISO-8859-15")), ("-T", .high("TIS-620")),
  ]

  private static func convert(_ bytes: [UInt8], _ low: Low, _ high: String?) -> String? {
    switch low {
    case .ascii: return convert(bytes, from: high ?? "ASCII")
    // EUC-JP is these sets with the highest bit set, the second one behind 8F.
    case .jisX0208: return convert(bytes.map { $0 | 0x80 }, from: "EUC-JP")
    case .jisX0212:
      let pairs = stride(from: 0, to: bytes.count - 1, by: 2).flatMap { (at: Int) -> [UInt8] in
        [0x8F, bytes[at] | 0x80, bytes[at + 1] | 0x80]
      }
      return convert(pairs, from: "EUC-JP")
    }
  }

  private static func convert(_ bytes: [UInt8], from name: String) -> String? {
    guard !bytes.isEmpty else { return "" }
    guard let converter = unsafe iconv_open("UTF-8", name),
      unsafe converter != iconv_t(bitPattern: -1)
    else { return nil }
    defer { unsafe iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // No character of these sets takes more than four bytes of UTF-8 for one of its own.
    var output = [CChar](repeating: 0, count: bytes.count * 4)
    var (left, room) = (input.count, output.count)
    let status = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        var (from, to) = (input.baseAddress, output.baseAddress)
        return unsafe iconv(converter, &from, &left, &to, &room)
      }
    }
    guard status != -1, left == 0 else { return nil }
    return String(
      validating: output.prefix(output.count - room).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
