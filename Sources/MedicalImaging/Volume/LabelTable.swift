/// What the numbers of a label volume stand for.
public struct LabelTable: Codable, Hashable, Sendable {
  /// Names by number. What is not in here has no name.
  public var names: [Int: String]

  public init(_ names: [Int: String]) { self.names = names }

  /// The name of a number; nil where it has none.
  public subscript(number: Int) -> String? { names[number] }

  /// All numbers that have a name, the lowest first.
  public var numbers: [Int] { names.keys.sorted() }
}
