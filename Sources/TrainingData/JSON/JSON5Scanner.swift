/// Walks over the bytes of a text and knows the line and column.
struct JSON5Scanner {
  private let bytes: [UInt8]
  private(set) var offset = 0
  private(set) var position = TextPosition(line: 1, column: 1)

  /// - Throws: `JSON5Error` where the bytes are not UTF-8.
  init(_ bytes: [UInt8]) throws(JSON5Error) {
    self.bytes = bytes
    guard let broken = Self.firstInvalid(bytes) else { return }
    while offset < broken { advance() }
    throw JSON5Error(position: position, sentence: "The text is not UTF-8 here. Save it as UTF-8.")
  }

  var isAtEnd: Bool { offset == bytes.count }

  /// The byte `ahead` bytes on, nil behind the end.
  func peek(_ ahead: Int = 0) -> UInt8? {
    offset + ahead < bytes.count ? bytes[offset + ahead] : nil
  }

  /// The whole scalar here, nil at the end.
  var scalar: Unicode.Scalar? {
    guard let first = peek() else { return nil }
    if first < 0x80 { return Unicode.Scalar(first) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return String(decoding: bytes[offset..<min(offset + length, bytes.count)], as: UTF8.self)
      .unicodeScalars.first
  }

  /// Over one byte. A line ends with LF, CR or both.
  mutating func advance() {
    let byte = bytes[offset]
    offset += 1
    if byte == 0x0A || byte == 0x0D && peek() != 0x0A {
      position = TextPosition(line: position.line + 1, column: 1)
    } else if byte != 0x0D, peek().map({ $0 & 0xC0 != 0x80 }) ?? true {
      position.column += 1
    }
  }

  /// Over one scalar.
  mutating func advanceScalar() {
    repeat { advance() } while peek().map { $0 & 0xC0 == 0x80 } == true
  }

  /// Over these ASCII letters where they stand here.
  mutating func take(_ word: String) -> Bool {
    for (index, byte) in word.utf8.enumerated() where peek(index) != byte { return false }
    for _ in word.utf8 { advance() }
    return true
  }

  /// The text from an earlier offset to here.
  func text(from start: Int) -> String { String(decoding: bytes[start..<offset], as: UTF8.self) }

  private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .error, .emptyInput: return offset
      }
    }
  }
}
