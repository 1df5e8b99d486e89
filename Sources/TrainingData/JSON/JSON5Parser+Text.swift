/// Strings and names (json5.org, sections 3 and 5; ECMAScript 5.1, 7.6).
extension JSON5Parser {
  mutating func string() throws(JSON5Error) -> String {
    let start = scanner.position
    let quote = scanner.peek()
    scanner.advance()
    var text = ""
    while let scalar = scanner.scalar {
      if scanner.peek() == quote {
        scanner.advance()
        return text
      }
      switch scalar {
      case "\\": try escape(into: &text)
      case "\n", "\r":
        throw error(start, "This text has no closing quote on its line.")
      default:
        text.unicodeScalars.append(scalar)
        scanner.advanceScalar()
      }
    }
    throw error(start, "This text has no closing quote.")
  }

  private mutating func escape(into text: inout String) throws(JSON5Error) {
    let start = scanner.position
    scanner.advance()
    guard let scalar = scanner.scalar else { throw error(start, "Nothing follows the backslash.") }
    scanner.advanceScalar()
    switch scalar {
    case "b": text.unicodeScalars.append("\u{08}")
    case "f": text.unicodeScalars.append("\u{0C}")
    case "n": text.unicodeScalars.append("\n")
    case "r": text.unicodeScalars.append("\r")
    case "t": text.unicodeScalars.append("\t")
    case "v": text.unicodeScalars.append("\u{0B}")
    case "0" where scanner.peek()?.isDigit != true: text.unicodeScalars.append("\u{00}")
    case "0"..."9": throw error(start, "A digit cannot follow a backslash.")
    case "x": text.unicodeScalars.append(try self.scalar(hexadecimal(2, from: start), start))
    case "u": text.unicodeScalars.append(try unicode(from: start))
    // A line that goes on: the line's end is no part of the text.
    case "\r": _ = scanner.take("\n")
    case "\n", "\u{2028}", "\u{2029}": break
    default: text.unicodeScalars.append(scalar)
    }
  }

  /// What follows `\u`: four digits, or a surrogate pair of twice four.
  private mutating func unicode(from start: TextPosition) throws(JSON5Error) -> Unicode.Scalar {
    let first = try hexadecimal(4, from: start)
    guard (0xD800..<0xDC00).contains(first) else { return try scalar(first, start) }
    guard scanner.take("\\u") else { return try scalar(first, start) }
    let second = try hexadecimal(4, from: start)
    guard (0xDC00..<0xE000).contains(second) else { return try scalar(first, start) }
    return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), start)
  }

  private func scalar(_ value: UInt32, _ start: TextPosition) throws(JSON5Error) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else {
      throw error(start, "This is half a surrogate pair and no character.")
    }
    return scalar
  }

  private mutating func hexadecimal(
    _ count: Int, from start: TextPosition
  ) throws(JSON5Error) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte = scanner.peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw error(start, "\(count) hexadecimal digits are expected here.") }
      value = value << 4 | UInt32(digit)
      scanner.advance()
    }
    return value
  }

  /// An unquoted key, or a word where a value is expected.
  mutating func name() throws(JSON5Error) -> String {
    var name = ""
    while let scalar = scanner.scalar {
      let start = scanner.position
      let next: Unicode.Scalar
      if scalar == "\\" {
        guard scanner.take("\\u") else { throw error(start, "Only \\u may stand in a key.") }
        next = try unicode(from: start)
        guard Self.beginsName(next) || !name.isEmpty && Self.continuesName(next) else {
          throw error(start, "This character needs quotes around the key.")
        }
      } else if Self.beginsName(scalar) || !name.isEmpty && Self.continuesName(scalar) {
        next = scalar
        scanner.advanceScalar()
      } else {
        break
      }
      name.unicodeScalars.append(next)
    }
    return name
  }

  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .letterNumber:
      true
    default: scalar == "$" || scalar == "_"
    }
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: true
    default: beginsName(scalar) || scalar == "\u{200C}" || scalar == "\u{200D}"
    }
  }
}
