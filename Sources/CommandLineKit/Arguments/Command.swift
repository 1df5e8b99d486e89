/// A command as a value: what help says of it, what may follow it, and what it does.
///
/// Adding one is writing such a value and listing it in its tool:
///
///     enum CountCommand {
///       static let sources = Argument(repeating: "SOURCE", .file, "A folder or a file.")
///       static let depth = Option("depth", "N", .integer(in: 1...64), default: 8, "Folders deep.")
///
///       static let command = Command(
///         "count", "Count the files of each source.",
///         arguments: [sources], options: [depth],
///         examples: [Example("gmai-prep count /mnt/export", "How many files an export holds.")]
///       ) { call in
///         for source in call[sources] { try call.print("\(source): \(count(source, call[depth]))\n") }
///         return .done
///       }
///     }
public struct Command: Sendable {
  public let name: String
  /// One sentence, for the list of commands and the head of its help.
  public let abstract: String
  /// What a user should know beyond the options; paragraphs with an empty line between them.
  public let discussion: String
  public let arguments: [any CommandArgument]
  public let options: [any CommandOption]
  public let examples: [Example]
  /// Commands that follow this one's name; a command that has some does nothing by itself.
  public let subcommands: [Command]
  /// True for a command that people are not meant to call: not in help, not offered by a shell.
  public let isHidden: Bool
  let run: @Sendable (Invocation) throws -> ExitCode

  /// A command that does something.
  public init(
    _ name: String, _ abstract: String, discussion: String = "",
    arguments: [any CommandArgument] = [], options: [any CommandOption] = [],
    examples: [Example] = [], isHidden: Bool = false,
    run: @escaping @Sendable (Invocation) throws -> ExitCode
  ) {
    precondition(
      arguments.dropLast().allSatisfy { $0.form.count == 1...1 },
      "Only the last argument of \(name) may be left out or repeated.")
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
    self.isHidden = isHidden
    self.run = run
    subcommands = []
  }

  /// A command that only gathers others.
  public init(
    _ name: String, _ abstract: String, discussion: String = "", subcommands: [Command],
    isHidden: Bool = false
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.subcommands = subcommands
    self.isHidden = isHidden
    arguments = []
    options = []
    examples = []
    run = { _ in .usage }
  }

  /// The commands that people see.
  var visible: [Command] { subcommands.filter { !$0.isHidden } }
}

/// A line that a user can type, and what it gives.
public struct Example: Sendable {
  public let line: String
  public let gives: String

  public init(_ line: String, _ gives: String) {
    self.line = line
    self.gives = gives
  }
}
