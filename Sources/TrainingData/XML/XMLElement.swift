/// An element of an XML text: its name, its text, and the elements in it. Attributes, comments and
/// instructions are left out.
struct XMLElement: Hashable, Sendable {
  var name: String
  /// The line on which it begins, counted from 1.
  var line: Int
  /// All text that stands in it directly.
  var text = ""
  var children: [XMLElement] = []

  /// All elements of a name in it, in order.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The first element of a name in it.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text without blanks around it.
  var trimmed: String {
    let start = text.drop(while: \.isWhitespace)
    return String(
      start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
  }
}
