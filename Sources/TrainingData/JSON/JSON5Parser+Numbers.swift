/// Numbers (json5.org, section 6): what has a point or an exponent is a `number`, all else an
/// `integer`.
extension JSON5Parser {
  mutating func number() throws(JSON5Error) -> JSON5Node.Content {
    let start = scanner.position
    let isNegative = scanner.peek() == UInt8(ascii: "-")
    if isNegative || scanner.peek() == UInt8(ascii: "+") { scanner.advance() }
    if scanner.take("0x") || scanner.take("0X") {
      let digits = self.digits { Character(Unicode.Scalar($0)).isHexDigit }
      return .integer(try integer(digits, radix: 16, isNegative, start))
    }
    let whole = digits(\.isDigit)
    guard whole.count == 1 || !whole.hasPrefix("0") else {
      throw error(start, "A number cannot begin with 0 and a digit.")
    }
    let hasPoint = scanner.take(".")
    let fraction = hasPoint ? digits(\.isDigit) : ""
    guard !whole.isEmpty || !fraction.isEmpty else {
      throw error(start, "A number is expected here, and it must be finite.")
    }
    var exponent: String?
    if scanner.take("e") || scanner.take("E") {
      let sign = scanner.take("-") ? "-" : ""
      if sign.isEmpty { _ = scanner.take("+") }
      exponent = sign + digits(\.isDigit)
      guard exponent != sign else { throw error(start, "The exponent has no digits.") }
    }
    try end(of: start)
    guard hasPoint || exponent != nil else {
      return .integer(try integer(whole, radix: 10, isNegative, start))
    }
    let text =
      "\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)e\(exponent ?? "0")"
    guard let value = Double(text), value.isFinite else {
      throw error(start, "This number is too large.")
    }
    return .number(isNegative ? -value : value)
  }

  private mutating func digits(_ isDigit: (UInt8) -> Bool) -> String {
    let start = scanner.offset
    while let byte = scanner.peek(), isDigit(byte) { scanner.advance() }
    return scanner.text(from: start)
  }

  private mutating func integer(
    _ digits: String, radix: Int, _ isNegative: Bool, _ start: TextPosition
  ) throws(JSON5Error) -> Int {
    guard !digits.isEmpty else { throw error(start, "Hexadecimal digits are expected here.") }
    try end(of: start)
    // Rounding it to a Double would change it in silence.
    guard let value = Int((isNegative ? "-" : "") + digits, radix: radix) else {
      throw error(start, "This whole number does not fit 64 bits.")
    }
    return value
  }

  /// A number ends where no letter or digit follows: `12px` is neither.
  private func end(of start: TextPosition) throws(JSON5Error) {
    guard let next = scanner.scalar,
      Self.beginsName(next) || next == "." || next.properties.numericType != nil
    else { return }
    throw error(start, "This is not a number; texts need quotes.")
  }
}
