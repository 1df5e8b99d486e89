/// A value as it stands in a file: what it is and where, for messages that point at it.
public struct JSON5Node: Sendable {
  public var position: TextPosition
  public var content: Content

  public indirect enum Content: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON5Node])
    case object([Member])
  }

  public struct Member: Sendable {
    public var key: String
    public var keyPosition: TextPosition
    public var node: JSON5Node
  }

  /// The value without its places.
  public var value: JSONValue {
    switch content {
    case .null: .null
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.map { .init($0.key, $0.node.value) })
    }
  }
}

/// A place in a text, as editors count: lines and columns from 1, a column a Unicode scalar.
public struct TextPosition: Hashable, Sendable, Codable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Why a text is not JSON5, and where.
public struct JSON5Error: Error, Hashable, Sendable, CustomStringConvertible {
  public var position: TextPosition
  /// A sentence.
  public var sentence: String

  public var description: String {
    "line \(position.line), column \(position.column): \(sentence)"
  }
}
