/// The help of a program or of one of its commands, made from the same values that parse it.
struct HelpPage {
  let tool: CommandLineTool
  /// The command and those before it; empty for the program itself.
  let path: [Command]

  private var command: Command? { path.last }
  private var call: String { ([tool.name] + path.map(\.name)).joined(separator: " ") }

  /// `gmai-prep convert SOURCE... --out DIR [options]`
  var usage: String {
    guard let command, command.subcommands.isEmpty else { return "\(call) COMMAND ..." }
    let required = command.options.map(\.form).filter(\.isRequired).map {
      "--\($0.name) \($0.placeholder ?? "")"
    }
    return ([call] + command.arguments.map(\.form.usage) + required + ["[options]"])
      .joined(separator: " ")
  }

  /// What to type for this page.
  var helpCall: String { "\(call) --help" }

  /// The whole page, no line wider than `width` columns where its words allow.
  func text(_ width: Int) -> String {
    // Long lines are hard to read however wide the window is.
    let width = min(width, 100)
    var sections = [(command?.abstract ?? tool.abstract).wrapped(to: width)]
    sections.append("Usage: \(usage)".wrapped(to: width, hanging: 7))
    if let discussion = command?.discussion, !discussion.isEmpty {
      for paragraph in discussion.split(separator: "\n\n") {
        sections.append(String(paragraph).wrapped(to: width))
      }
    }
    sections += lists(width)
    if let command, !command.examples.isEmpty {
      let lines = command.examples.flatMap { example in
        ["  \(example.line)"] + example.gives.wrapped(to: width - 6).map { "      \($0)" }
      }
      sections.append(["Examples:"] + lines)
    }
    if let more { sections.append(more.wrapped(to: width)) }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func lists(_ width: Int) -> [[String]] {
    let commands =
      (command.map(\.visible) ?? tool.visible).map { ($0.name, $0.abstract) }
      + (command == nil ? [("help", "Show the help of a command: \(tool.name) help COMMAND")] : [])
    let arguments = (command?.arguments ?? []).map { ($0.form.name, $0.form.help) }
    let options = (command?.options ?? []).map { Self.entry($0.form) }
    var common = CommonOptions.all.map { Self.entry($0.form) }
    common.append(("--help", "Show this page."))
    if command == nil {
      common.append(("--version", "Show the version."))
      common.append(
        (
          "--generate-completion-script SHELL",
          "Print a completion script for bash, zsh or fish."
        ))
    }
    let lists = [
      ("Commands:", commands), ("Arguments:", arguments), ("Options:", options),
      ("Options of every command:", common),
    ].filter { !$0.1.isEmpty }
    // One column for all lists of a page, so that the eye runs down one edge.
    let longest = lists.flatMap(\.1).map(\.0.displayWidth).filter { $0 <= 26 }.max() ?? 0
    // On a narrow terminal the words stand below the names.
    let indent = width - longest >= 28 ? longest + 4 : 6
    return lists.map { title, entries in
      [title] + entries.flatMap { Self.lines($0, indent: indent, width) }
    }
  }

  private static func entry(_ form: OptionForm) -> (String, String) {
    let name = form.placeholder.map { "--\(form.name) \($0)" } ?? "--\(form.name)"
    guard form.placeholder != nil else { return (name, form.help) }
    var notes = form.accepts.prefix(1).uppercased() + form.accepts.dropFirst()
    if let fallback = form.fallback { notes += "; default: \(fallback)" }
    if form.isRequired { notes += "; required" }
    if form.repeats { notes += "; may be repeated" }
    return (name, "\(form.help) \(notes).")
  }

  private static func lines(_ entry: (String, String), indent: Int, _ width: Int) -> [String] {
    let head = "  \(entry.0)"
    let body = entry.1.wrapped(to: width - indent)
    let margin = String(repeating: " ", count: indent)
    guard head.displayWidth + 2 <= indent, let first = body.first else {
      return [head] + body.map { margin + $0 }
    }
    let gap = String(repeating: " ", count: indent - head.displayWidth)
    return ["\(head)\(gap)\(first)"] + body.dropFirst().map { margin + $0 }
  }

  private var more: String? {
    guard command?.subcommands.isEmpty != true else { return nil }
    return "More on one of them by: \(call) COMMAND --help"
  }
}
