/// Scripts that teach a shell to complete a program's command lines, made from its table.
///
/// Each shell has a file of its own; hidden commands are offered by none.
struct ShellCompletion {
  enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

  let tool: CommandLineTool

  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// The tool's name as part of a function's name.
  var function: String { "_" + tool.name.map { $0 == "-" ? "_" : String($0) }.joined() }

  /// Every visible command with the names that lead to it, parents before their children; the
  /// program itself comes first, with no names.
  var places: [Place] {
    func below(_ commands: [Command], _ names: [String]) -> [Place] {
      commands.flatMap { command -> [Place] in
        let path = names + [command.name]
        return [Place(names: path, command: command, subcommands: command.visible)]
          + below(command.visible, path)
      }
    }
    return [Place(names: [], command: nil, subcommands: tool.visible)] + below(tool.visible, [])
  }

  struct Place {
    let names: [String]
    let command: Command?
    let subcommands: [Command]

    var options: [OptionForm] {
      ((command?.options ?? []) + CommonOptions.all).map(\.form) + [help]
        + (command == nil ? [version] : [])
    }

    /// What its positional arguments are completed with.
    var argument: Completion { command?.arguments.last?.form.completion ?? .nothing }

    private var help: OptionForm { OptionForm(flag: "help", "Show help.") }
    private var version: OptionForm { OptionForm(flag: "version", "Show the version.") }
  }

  /// A text in single quotes, as bash, zsh and fish read it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
