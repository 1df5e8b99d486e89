/// Reads a command line: which command is meant and what its arguments and options are.
///
/// The first word that is no option names the command, the next one its sub-command. Options may
/// stand anywhere behind; `--name value` and `--name=value` are one. `--` ends the options, `-` is
/// an argument. `--help` before `--` wins over everything, also over mistakes.
struct CommandParser {
  let tool: CommandLineTool

  enum Outcome: Sendable {
    case run(Command, CommandValues)
    /// Show help of the last command of the path, of the tool where the path is empty.
    case help(path: [Command])
    case version
    case completion(ShellCompletion.Shell)
  }

  /// The first words as far as they name commands: where help and hints look.
  func path(_ words: [String]) -> [Command] {
    var path: [Command] = []
    var isValue = false
    for word in words {
      if isValue {
        isValue = false
      } else if word == "--" {
        break
      } else if word.hasPrefix("-"), word != "-" {
        isValue = !word.contains("=") && option(word, in: path)?.form.placeholder != nil
      } else {
        guard let next = (path.last?.subcommands ?? tool.commands).first(where: { $0.name == word })
        else { break }
        path.append(next)
        if next.subcommands.isEmpty { break }
      }
    }
    return path
  }

  func parse(_ words: [String]) throws(UsageError) -> Outcome {
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return .help(path: path(words.filter { $0 != "--help" && $0 != "-h" && $0 != "help" }))
    }
    switch words.first {
    case "help": return .help(path: try commands(named: words.dropFirst()))
    case "--version": return .version
    case "--generate-completion-script":
      return .completion(try shell(words.dropFirst().first))
    default: break
    }

    var path: [Command] = []
    var values = CommandValues()
    var given: [String] = []
    var rest = words[...]
    var optionsEnded = false
    while let word = rest.popFirst() {
      if !optionsEnded, word == "--" {
        optionsEnded = true
      } else if !optionsEnded, word.hasPrefix("-"), word != "-" {
        try take(word, &rest, in: path, into: &values)
      } else if let last = path.last, last.subcommands.isEmpty {
        given.append(word)
      } else {
        path.append(try command(word, behind: path.last))
      }
    }
    guard let command = path.last, command.subcommands.isEmpty else {
      throw .noCommand(among: (path.last?.visible ?? tool.visible).map(\.name))
    }
    try assign(given, to: command, &values)
    for option in command.options.map(\.form)
    where option.isRequired && values.options[option.name] == nil {
      throw .missingOption("--\(option.name)", accepts: option.accepts)
    }
    return .run(command, values)
  }

  private func option(_ word: String, in path: [Command]) -> (any CommandOption)? {
    let name = word.prefix { $0 != "=" }
    return ((path.last?.options ?? []) + CommonOptions.all).first { "--\($0.form.name)" == name }
  }

  private func take(
    _ word: String, _ rest: inout ArraySlice<String>, in path: [Command],
    into values: inout CommandValues
  ) throws(UsageError) {
    let name = String(word.prefix { $0 != "=" })
    guard let form = option(word, in: path)?.form else {
      let known = (path.last?.options ?? []) + CommonOptions.all
      throw .unknownOption(name, among: known.map { "--\($0.form.name)" } + ["--help"])
    }
    let attached = word.contains("=") ? String(word.dropFirst(name.count + 1)) : nil
    guard form.placeholder != nil else {
      guard attached == nil else { throw .flagWithValue(option: name) }
      values.options[form.name] = [""]
      return
    }
    // A following option is a forgotten value; one dash may begin a value ("-600/1500", "-").
    guard let value = attached ?? (rest.first?.hasPrefix("--") == true ? nil : rest.popFirst())
    else { throw .missingValue(option: name, accepts: form.accepts) }
    guard form.admits(value) else {
      throw .refusedValue(of: name, given: value, accepts: form.accepts)
    }
    guard form.repeats || values.options[form.name] == nil else { throw .repeatedOption(name) }
    values.options[form.name, default: []].append(value)
  }

  private func command(_ word: String, behind parent: Command?) throws(UsageError) -> Command {
    let known = parent?.subcommands ?? tool.commands
    guard let command = known.first(where: { $0.name == word }) else {
      throw .unknownCommand(
        word, among: known.filter { !$0.isHidden }.map(\.name) + (parent == nil ? ["help"] : []))
    }
    return command
  }

  private func commands(named words: ArraySlice<String>) throws(UsageError) -> [Command] {
    var path: [Command] = []
    for word in words {
      if let last = path.last, last.subcommands.isEmpty { throw .surplusArgument(word) }
      path.append(try command(word, behind: path.last))
    }
    return path
  }

  private func assign(
    _ given: [String], to command: Command, _ values: inout CommandValues
  ) throws(UsageError) {
    var rest = given[...]
    for form in command.arguments.map(\.form) {
      guard rest.count >= form.count.lowerBound else {
        throw .missingArgument(form.name, accepts: form.accepts)
      }
      let taken = rest.prefix(form.count.upperBound)
      if let refused = taken.first(where: { !form.admits($0) }) {
        throw .refusedValue(of: form.name, given: refused, accepts: form.accepts)
      }
      values.arguments[form.name] = Array(taken)
      rest = rest.dropFirst(taken.count)
    }
    if let surplus = rest.first { throw .surplusArgument(surplus) }
  }

  private func shell(_ name: String?) throws(UsageError) -> ShellCompletion.Shell {
    let accepts = "one of " + ShellCompletion.Shell.allCases.map(\.rawValue).joined(separator: ", ")
    let option = "--generate-completion-script"
    guard let name else { throw .missingValue(option: option, accepts: accepts) }
    guard let shell = ShellCompletion.Shell(rawValue: name) else {
      throw .refusedValue(of: option, given: name, accepts: accepts)
    }
    return shell
  }
}
