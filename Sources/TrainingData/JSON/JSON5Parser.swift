/// Reads JSON5 (json5.org, version 1.0.0), and with it JSON, strictly.
///
/// Foundation's JSONDecoder reads JSON5 too, but it forgets the order of members, keeps one of two
/// equal keys in silence, and its errors name no line: people who write recipes by hand need all
/// three. Two things of JSON5 are refused: a key twice in one object, and Infinity and NaN, which
/// nothing here can use.
struct JSON5Parser {
  /// Containers in containers; deeper ones are no recipe, and the parser recurses.
  static let deepest = 64

  var scanner: JSON5Scanner
  private var depth = 0

  static func parse(_ bytes: [UInt8]) throws(JSON5Error) -> JSON5Node {
    var parser = JSON5Parser(scanner: try JSON5Scanner(bytes))
    try parser.skipBlanks()
    let node = try parser.value()
    try parser.skipBlanks()
    guard parser.scanner.isAtEnd else {
      throw parser.unexpected("the end of the text")
    }
    return node
  }

  private init(scanner: JSON5Scanner) { self.scanner = scanner }

  private mutating func value() throws(JSON5Error) -> JSON5Node {
    let start = scanner.position
    let content: JSON5Node.Content
    switch scanner.peek() {
    case UInt8(ascii: "{"):
      content = try nested { parser throws(JSON5Error) in try parser.object() }
    case UInt8(ascii: "["): content = try nested { parser throws(JSON5Error) in try parser.array() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): content = .string(try string())
    case .some(let byte) where byte.isDigit || "+-.".utf8.contains(byte): content = try number()
    default:
      guard let first = scanner.scalar, Self.beginsName(first) else { throw unexpected("a value") }
      let word = try name()
      switch word {
      case "null": content = .null
      case "true": content = .bool(true)
      case "false": content = .bool(false)
      case "Infinity", "NaN": throw error(start, "\(word) is not allowed.")
      default:
        throw error(
          start, "\(Self.shown(word)) stands where a value is expected; texts need quotes.")
      }
    }
    return JSON5Node(position: start, content: content)
  }

  private mutating func nested(
    _ body: (inout JSON5Parser) throws(JSON5Error) -> JSON5Node.Content
  ) throws(JSON5Error) -> JSON5Node.Content {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw error(scanner.position, "Objects and arrays are nested deeper than \(Self.deepest).")
    }
    scanner.advance()
    return try body(&self)
  }

  private mutating func object() throws(JSON5Error) -> JSON5Node.Content {
    var members: [JSON5Node.Member] = []
    var seen: Set<String> = []
    while true {
      try skipBlanks()
      if scanner.take("}") { return .object(members) }
      let place = scanner.position
      let key = try self.key()
      guard seen.insert(key).inserted else {
        throw error(place, "The key \(Self.shown(key)) stands twice in this object.")
      }
      try skipBlanks()
      guard scanner.take(":") else { throw unexpected("a colon") }
      try skipBlanks()
      members.append(.init(key: key, keyPosition: place, node: try value()))
      try skipBlanks()
      if scanner.take(",") { continue }
      guard scanner.peek() == UInt8(ascii: "}") else { throw unexpected("a comma or }") }
    }
  }

  private mutating func array() throws(JSON5Error) -> JSON5Node.Content {
    var elements: [JSON5Node] = []
    while true {
      try skipBlanks()
      if scanner.take("]") { return .array(elements) }
      elements.append(try value())
      try skipBlanks()
      if scanner.take(",") { continue }
      guard scanner.peek() == UInt8(ascii: "]") else { throw unexpected("a comma or ]") }
    }
  }

  private mutating func key() throws(JSON5Error) -> String {
    if let quote = scanner.peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      return try string()
    }
    guard let first = scanner.scalar, Self.beginsName(first) || first == "\\" else {
      throw unexpected("a key or }")
    }
    return try name()
  }

  /// Blanks and comments.
  private mutating func skipBlanks() throws(JSON5Error) {
    while let scalar = scanner.scalar {
      if Self.isBlank(scalar) {
        scanner.advanceScalar()
      } else if scanner.take("//") {
        while let next = scanner.scalar, !Self.endsLine(next) { scanner.advanceScalar() }
      } else if scalar == "/", scanner.peek(1) == UInt8(ascii: "*") {
        let start = scanner.position
        _ = scanner.take("/*")
        while !scanner.take("*/") {
          guard !scanner.isAtEnd else { throw error(start, "This comment has no end.") }
          scanner.advance()
        }
      } else {
        return
      }
    }
  }

  func unexpected(_ wanted: String) -> JSON5Error {
    let found = scanner.scalar.map { Self.shown(String($0)) } ?? "the end of the text"
    return error(scanner.position, "\(found) stands where \(wanted) is expected.")
  }

  func error(_ position: TextPosition, _ sentence: String) -> JSON5Error {
    JSON5Error(position: position, sentence: sentence)
  }

  /// A piece of the text as a message shows it: quoted, escaped, and short.
  static func shown(_ text: String) -> String {
    let short = text.unicodeScalars.prefix(40)
    return JSONValue.string(String(String.UnicodeScalarView(short))).compact
      + (short.count < text.unicodeScalars.count ? "…" : "")
  }

  static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\u{0B}", "\u{0C}", "\u{A0}", "\u{FEFF}": true
    default: endsLine(scalar) || scalar.properties.generalCategory == .spaceSeparator
    }
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
