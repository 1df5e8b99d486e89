import MedicalImaging

/// A program: its name, its version and the table of its commands.
public struct CommandLineTool: Sendable {
  public let name: String
  public let version: String
  /// One sentence that says what the program is for.
  public let abstract: String
  public let commands: [Command]

  public init(name: String, version: String, abstract: String, commands: [Command]) {
    self.name = name
    self.version = version
    self.abstract = abstract
    self.commands = commands
  }

  var visible: [Command] { commands.filter { !$0.isHidden } }

  /// Does what a command line says; `words` are those behind the program's own name.
  ///
  /// Results go to the terminal's output, everything else to its errors. Never throws: an error is
  /// said in words and becomes the exit code.
  public func run(_ words: [String], on terminal: Terminal) -> ExitCode {
    do {
      switch try CommandParser(tool: self).parse(words) {
      case .run(let command, let values): return run(command, values, on: terminal)
      case .help(let path):
        try terminal.write(HelpPage(tool: self, path: path).text(terminal.width))
      case .version: try terminal.write("\(name) \(version)\n")
      case .completion(let shell):
        try terminal.write(ShellCompletion(tool: self).script(for: shell))
      }
      return .done
    } catch let error as UsageError {
      return refuse(error, words, on: terminal)
    } catch {
      return say(error, in: Log(.human, isQuiet: false, on: terminal.errors))
    }
  }

  private func run(_ command: Command, _ values: CommandValues, on terminal: Terminal) -> ExitCode {
    let log = Log(
      values[CommonOptions.logFormat], isQuiet: values[CommonOptions.quiet], on: terminal.errors)
    do {
      return try command.run(Invocation(values: values, terminal: terminal, log: log))
    } catch {
      return say(error, in: log)
    }
  }

  private func say(_ error: any Error, in log: Log) -> ExitCode {
    let known =
      switch error {
      case let error as ImageError: error
      case let error as UsageError: ImageError(.usage, error.description, remedy: "")
      // An error of a library below may hold a path or a value of a header: its type alone is safe.
      default: ImageError(.unexpected, "An error came up that nobody expected: \(type(of: error)).")
      }
    log.error(known)
    return ExitCode(known.code)
  }

  private func refuse(_ error: UsageError, _ words: [String], on terminal: Terminal) -> ExitCode {
    let path = CommandParser(tool: self).path(words)
    let page = HelpPage(tool: self, path: path)
    // The words could not be read as a whole, so the format is looked for by eye.
    let isJSON =
      words.contains("--log-format=json")
      || zip(words, words.dropFirst()).contains { $0 == "--log-format" && $1 == "json" }
    let log = Log(isJSON ? .json : .human, isQuiet: false, on: terminal.errors)
    log.error(
      ImageError(
        .usage, error.description, remedy: "Usage: \(page.usage). More by: \(page.helpCall)"))
    return .usage
  }
}
