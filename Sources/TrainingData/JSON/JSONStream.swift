import MedicalImaging

/// Reads JSON (RFC 8259) in UTF-8 from front to back without a tree of it, for files that are too large for
/// one: each value is taken, or skipped, where it stands.
///
/// NaN, Infinity and -Infinity may stand in what is skipped: Gson and Python write them. What is taken as a
/// number must be finite.
struct JSONStream {
  enum Kind {
    case object, array, string, number, word
  }

  /// Containers in containers; what is skipped recurses as well.
  private static let deepest = 64

  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  /// At the first value.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// A mistake here. It quotes nothing.
  var damage: ImageError {
    var (line, column) = (1, 1)
    for byte in bytes[..<min(offset, bytes.count)] {
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return .annotation(
      "The annotations are no JSON: the first mistake is in line \(line), column \(column).")
  }

  /// What the next value is; nothing is taken.
  mutating func kind() throws(ImageError) -> Kind {
    guard let byte = skipBlanks() else { throw damage }
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "N"), UInt8(ascii: "I"): return .word
    default: throw damage
    }
  }

  /// Takes an object; `member` must take, or skip, the value of each key.
  mutating func object(
    _ member: (inout JSONStream, String) throws(ImageError) -> Void
  ) throws(ImageError) {
    try open(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return close() }
    while true {
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw damage }
      try member(&self, key)
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw damage }
      return close()
    }
  }

  /// Takes an array; `element` must take, or skip, each of its values.
  mutating func array(
    _ element: (inout JSONStream) throws(ImageError) -> Void
  ) throws(ImageError) {
    try open(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return close() }
    while true {
      try element(&self)
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw damage }
      return close()
    }
  }

  /// Takes a string.
  mutating func string() throws(ImageError) -> String {
    let (start, end, hasEscapes) = try stringRange()
    guard hasEscapes else {
      guard let text = String(validating: bytes[start..<end], as: UTF8.self) else { throw damage }
      return text
    }
    // Few strings have any.
    guard let value = try? JSONValue(json5: Array(bytes[start - 1..<end + 1])),
      case .string(let text) = value
    else { throw damage }
    return text
  }

  /// Takes a finite number.
  mutating func number() throws(ImageError) -> Double {
    let (start, end) = try numberRange()
    guard let text = String(validating: bytes[start..<end], as: UTF8.self),
      let number = Double(text), number.isFinite
    else {
      offset = start
      throw damage
    }
    return number
  }

  /// Takes any value and forgets it.
  mutating func skip() throws(ImageError) {
    switch try kind() {
    case .object:
      try object { stream, _ throws(ImageError) in try stream.skip() }
    case .array:
      try array { stream throws(ImageError) in try stream.skip() }
    case .string: _ = try stringRange()
    case .number:
      if bytes[offset...].starts(with: "-Infinity".utf8) {
        offset += 1
        try word()
      } else {
        _ = try numberRange()
      }
    case .word: try word()
    }
  }

  /// Nothing but blanks may follow.
  mutating func end() throws(ImageError) {
    guard skipBlanks() == nil else { throw damage }
  }

  // MARK: Bytes

  private mutating func open(_ byte: UInt8) throws(ImageError) {
    guard depth < Self.deepest, take(byte) else { throw damage }
    depth += 1
  }

  private mutating func close() { depth -= 1 }

  /// The next byte that is no blank; nil at the end.
  private mutating func skipBlanks() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return bytes[offset]
      }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard skipBlanks() == byte else { return false }
    offset += 1
    return true
  }

  private mutating func word() throws(ImageError) {
    for word in ["true", "false", "null", "NaN", "Infinity"]
    where bytes[offset...].starts(with: word.utf8) {
      offset += word.utf8.count
      return
    }
    throw damage
  }

  /// What stands between the quotes.
  private mutating func stringRange() throws(ImageError)
    -> (start: Int, end: Int, hasEscapes: Bool)
  {
    guard take(UInt8(ascii: "\"")) else { throw damage }
    let start = offset
    var hasEscapes = false
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return (start, offset - 1, hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        offset += 2
      case ..<0x20: throw damage
      default: offset += 1
      }
    }
    throw damage
  }

  private mutating func numberRange() throws(ImageError) -> (start: Int, end: Int) {
    _ = skipBlanks()
    let start = offset
    if peek == UInt8(ascii: "-") { offset += 1 }
    let first = peek
    let whole = digits()
    guard whole > 0, whole == 1 || first != UInt8(ascii: "0") else {
      offset = start
      throw damage
    }
    if peek == UInt8(ascii: ".") {
      offset += 1
      guard digits() > 0 else { throw damage }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      guard digits() > 0 else { throw damage }
    }
    return (start, offset)
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func digits() -> Int {
    let start = offset
    while let byte = peek, byte.isDigit { offset += 1 }
    return offset - start
  }
}
