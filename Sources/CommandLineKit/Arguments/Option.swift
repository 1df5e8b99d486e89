import MedicalImaging

/// An option of a command, known by the type of its value: `--jobs 4`, `--jobs=4`, `--quiet`.
///
/// A command keeps its options in constants, lists them, and asks an ``Invocation`` for their
/// values by them, so that a misspelled or mistyped option does not compile.
public struct Option<Value: Sendable>: CommandOption {
  public let form: OptionForm
  /// The value of what was given, in order; nil where a text is refused.
  let value: @Sendable ([String]) -> Value?

  private init(_ form: OptionForm, value: @escaping @Sendable ([String]) -> Value?) {
    self.form = form
    self.value = value
  }

  /// An option that has a value even where it is not given; `shown` is the default in words.
  public init(
    _ name: String, _ placeholder: String, _ kind: ValueKind<Value>, default fallback: Value,
    shown: String, _ help: String
  ) {
    self.init(OptionForm(name, placeholder, kind, help, fallback: shown)) {
      $0.last.map(kind.read) ?? fallback
    }
  }

  /// An option that has a value even where it is not given.
  public init(
    _ name: String, _ placeholder: String, _ kind: ValueKind<Value>, default fallback: Value,
    _ help: String
  ) where Value: LosslessStringConvertible {
    self.init(name, placeholder, kind, default: fallback, shown: fallback.description, help)
  }

  /// A choice that has a value even where it is not given.
  public init(
    _ name: String, _ placeholder: String, _ kind: ValueKind<Value>, default fallback: Value,
    _ help: String
  ) where Value: RawRepresentable, Value.RawValue == String {
    self.init(name, placeholder, kind, default: fallback, shown: fallback.rawValue, help)
  }

  /// An option that is nil where it is not given.
  public init<Given>(
    _ name: String, _ placeholder: String, _ kind: ValueKind<Given>, _ help: String
  ) where Value == Given? {
    self.init(OptionForm(name, placeholder, kind, help)) { texts in
      guard let text = texts.last else { return .some(nil) }
      return kind.read(text).map(Optional.some)
    }
  }

  /// An option without which the command does not start.
  public init(
    required name: String, _ placeholder: String, _ kind: ValueKind<Value>, _ help: String
  ) {
    self.init(OptionForm(name, placeholder, kind, help, isRequired: true)) {
      $0.last.flatMap(kind.read)
    }
  }

  /// An option that may be given several times, each time with one value.
  public init<Given>(
    repeating name: String, _ placeholder: String, _ kind: ValueKind<Given>, _ help: String
  ) where Value == [Given] {
    self.init(OptionForm(name, placeholder, kind, help, repeats: true)) { texts in
      let values = texts.compactMap(kind.read)
      return values.count == texts.count ? values : nil
    }
  }

  /// A flag: true where it is given.
  public init(flag name: String, _ help: String) where Value == Bool {
    self.init(OptionForm(flag: name, help)) { !$0.isEmpty }
  }
}
