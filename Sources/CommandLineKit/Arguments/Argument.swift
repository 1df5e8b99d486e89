/// A positional argument of a command, known by the type of its value: `SOURCE...`.
public struct Argument<Value: Sendable>: CommandArgument {
  public let form: ArgumentForm
  /// The value of what was given, in order; nil where a text is refused.
  let value: @Sendable ([String]) -> Value?

  /// Exactly one.
  public init(_ name: String, _ kind: ValueKind<Value>, _ help: String) {
    form = ArgumentForm(name, kind, help, count: 1...1)
    value = { $0.first.flatMap(kind.read) }
  }

  /// One or none.
  public init<Given>(optional name: String, _ kind: ValueKind<Given>, _ help: String)
  where Value == Given? {
    form = ArgumentForm(name, kind, help, count: 0...1)
    value = { texts in
      guard let text = texts.first else { return .some(nil) }
      return kind.read(text).map(Optional.some)
    }
  }

  /// As many as are given, one at least unless `orNone`; only the last argument of a command.
  public init<Given>(
    repeating name: String, _ kind: ValueKind<Given>, _ help: String, orNone: Bool = false
  ) where Value == [Given] {
    form = ArgumentForm(name, kind, help, count: (orNone ? 0 : 1)...Int.max)
    value = { texts in
      let values = texts.compactMap(kind.read)
      return values.count == texts.count ? values : nil
    }
  }
}

/// Any positional argument, whatever its value: what a command lists.
public protocol CommandArgument: Sendable {
  var form: ArgumentForm { get }
}

/// What the parser, the help page and the shells need to know of a positional argument.
public struct ArgumentForm: Sendable {
  /// In capitals, as help shows it.
  public let name: String
  public let help: String
  /// How many texts it takes.
  public let count: ClosedRange<Int>
  let accepts: String
  let completion: Completion
  /// Whether a text is accepted as its value.
  let admits: @Sendable (String) -> Bool

  init<Value>(_ name: String, _ kind: ValueKind<Value>, _ help: String, count: ClosedRange<Int>) {
    self.name = name
    self.help = help
    self.count = count
    accepts = kind.accepts
    completion = kind.completion
    admits = { kind.read($0) != nil }
  }

  /// `SOURCE`, `[NAME]`, `SOURCE...` or `[SOURCE...]`.
  var usage: String {
    let word = count.upperBound > 1 ? "\(name)..." : name
    return count.lowerBound == 0 ? "[\(word)]" : word
  }
}
