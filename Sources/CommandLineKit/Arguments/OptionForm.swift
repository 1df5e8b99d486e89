/// Any option, whatever its value: what a command lists.
public protocol CommandOption: Sendable {
  var form: OptionForm { get }
}

/// What the parser, the help page and the shells need to know of an option.
public struct OptionForm: Sendable {
  /// The name without its dashes.
  public let name: String
  /// What stands for the value in help; nil for a flag.
  public let placeholder: String?
  public let help: String
  /// The default in words, nil where there is none.
  public let fallback: String?
  public let isRequired: Bool
  public let repeats: Bool
  let accepts: String
  let completion: Completion
  /// Whether a text is accepted as its value.
  let admits: @Sendable (String) -> Bool

  init<Value>(
    _ name: String, _ placeholder: String, _ kind: ValueKind<Value>, _ help: String,
    fallback: String? = nil, isRequired: Bool = false, repeats: Bool = false
  ) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.fallback = fallback
    self.isRequired = isRequired
    self.repeats = repeats
    accepts = kind.accepts
    completion = kind.completion
    admits = { kind.read($0) != nil }
  }

  init(flag name: String, _ help: String) {
    self.name = name
    self.help = help
    placeholder = nil
    fallback = nil
    isRequired = false
    repeats = true
    accepts = "no value"
    completion = .nothing
    admits = { _ in false }
  }
}
