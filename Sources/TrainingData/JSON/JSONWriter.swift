/// Writes JSON (RFC 8259) as UTF-8, the same bytes for the same calls.
///
/// Members stand in the order in which they are written. A `Double` always has a point, so that
/// readers that infer types see one type in every row: 1.0, 0.1, 1.0e-05; its digits are the fewest
/// that read back as the same number. Texts are escaped only where JSON asks for it.
///
///     var json = JSONWriter()
///     json.object { json in
///       json.member("id", key)
///       json.key("picture")
///       json.array { json in for name in names { json.string(name) } }
///     }
///
/// Writing what is no JSON (a value without its key, a number that is not finite) is a mistake of
/// the program and traps.
public struct JSONWriter: Sendable {
  public enum Style: Sendable {
    /// Nothing between the tokens: for machines, and for JSON lines.
    case compact
    /// For people: two spaces a level; arrays of plain values stay on one line.
    case indented
  }

  /// What was written so far.
  public private(set) var bytes: [UInt8] = []
  private let style: Style
  private var open: [Container] = []

  private struct Container {
    var isObject: Bool
    var isEmpty = true
    /// A key was written and waits for its value.
    var hasKey = false
    /// Something stands on a line of its own, so the closing bracket does too.
    var isTall: Bool
  }

  public init(_ style: Style = .compact) { self.style = style }

  /// An object; the closure writes its members.
  public mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
    try container(isObject: true, "{", "}", members)
  }

  /// An array; the closure writes its elements.
  public mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
    try container(isObject: false, "[", "]", elements)
  }

  /// The key of the member whose value is written next. That it is new is the caller's duty.
  public mutating func key(_ name: String) {
    precondition(
      open.last.map { $0.isObject && !$0.hasKey } == true, "A key stands only in an object.")
    separate(isTall: true)
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if style == .indented { bytes.append(UInt8(ascii: " ")) }
    open[open.count - 1].hasKey = true
  }

  public mutating func string(_ text: String) {
    begin()
    quote(text)
  }

  public mutating func integer(_ number: Int) {
    begin()
    bytes.append(contentsOf: String(number).utf8)
  }

  /// A finite number, always with a point.
  public mutating func number(_ number: Double) {
    precondition(number.isFinite, "JSON has no number that is not finite.")
    begin()
    // Swift gives the shortest digits that read back alike, with a point unless there is an
    // exponent: 1e-05.
    let digits = number.description
    if let exponent = digits.firstIndex(of: "e"), !digits.contains(".") {
      bytes.append(contentsOf: digits[..<exponent].utf8)
      bytes.append(contentsOf: ".0".utf8)
      bytes.append(contentsOf: digits[exponent...].utf8)
    } else {
      bytes.append(contentsOf: digits.utf8)
    }
  }

  public mutating func bool(_ value: Bool) {
    begin()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  public mutating func null() {
    begin()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Ends a line after a whole value: what parts the values of a JSON-lines file.
  public mutating func endLine() {
    precondition(open.isEmpty, "A line ends only after a whole value.")
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func container(
    isObject: Bool, _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
    _ body: (inout JSONWriter) throws -> Void
  ) rethrows {
    begin(isTall: true)
    bytes.append(UInt8(ascii: opening))
    open.append(Container(isObject: isObject, isTall: isObject))
    try body(&self)
    let done = open.removeLast()
    precondition(!done.hasKey, "A key waits for its value.")
    if !done.isEmpty, done.isTall { newLine() }
    bytes.append(UInt8(ascii: closing))
  }

  /// What comes before a value: nothing behind a key or at the top, else comma and line.
  private mutating func begin(isTall: Bool = false) {
    guard let last = open.last else { return }
    if last.isObject {
      precondition(last.hasKey, "A member needs a key.")
      open[open.count - 1].hasKey = false
    } else {
      separate(isTall: isTall)
    }
  }

  private mutating func separate(isTall: Bool) {
    let last = open.count - 1
    if !open[last].isEmpty { bytes.append(UInt8(ascii: ",")) }
    if isTall {
      newLine()
      open[last].isTall = true
    } else if !open[last].isEmpty, style == .indented {
      bytes.append(UInt8(ascii: " "))
    }
    open[last].isEmpty = false
  }

  private mutating func newLine() {
    guard style == .indented else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * open.count))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
      for byte in text.utf8 { escape(byte) }
    } else {
      bytes.append(contentsOf: text.utf8)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: bytes.append(contentsOf: #"\""#.utf8)
    case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
    case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
    case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
    case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
    case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
    case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
    case ..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: #"\u00"#.utf8)
      bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: bytes.append(byte)
    }
  }
}
