import MedicalImaging

/// One call of a command: the values of its arguments and options, and where to write.
public struct Invocation: Sendable {
  public let terminal: Terminal
  public let log: Log
  private let values: CommandValues

  init(values: CommandValues, terminal: Terminal, log: Log) {
    self.values = values
    self.terminal = terminal
    self.log = log
  }

  /// The value of an option that the command lists.
  public subscript<Value>(option: Option<Value>) -> Value { values[option] }

  /// The value of an argument that the command lists.
  public subscript<Value>(argument: Argument<Value>) -> Value { values[argument] }

  /// Writes a result to standard output as it is, without adding a line end.
  public func print(_ text: String) throws(ImageError) { try terminal.write(text) }

  /// A progress line for `total` units (nil where nobody knows), silent where it would disturb.
  public func progress(_ unit: String, of total: Int? = nil, from start: Int = 0) -> Progress {
    Progress(
      unit, of: total, from: start, on: terminal.errors, isShown: !values[CommonOptions.quiet])
  }
}

/// The texts given for a command's arguments and options, all of them accepted by their kinds.
struct CommandValues: Sendable {
  var options: [String: [String]] = [:]
  var arguments: [String: [String]] = [:]

  subscript<Value>(option: Option<Value>) -> Value {
    guard let value = option.value(options[option.form.name] ?? []) else {
      preconditionFailure("--\(option.form.name) is not listed by the command that asks for it.")
    }
    return value
  }

  subscript<Value>(argument: Argument<Value>) -> Value {
    guard let value = argument.value(arguments[argument.form.name] ?? []) else {
      preconditionFailure("\(argument.form.name) is not listed by the command that asks for it.")
    }
    return value
  }
}

/// Options that every command has.
public enum CommonOptions {
  public static let quiet = Option(
    flag: "quiet", "No progress and no notes; errors are still said.")
  public static let logFormat = Option(
    "log-format", "FORMAT", .choice(), default: Log.Format.human,
    "How notes, warnings and errors stand on standard error: human or json, one object a line.")

  static let all: [any CommandOption] = [quiet, logFormat]
}
