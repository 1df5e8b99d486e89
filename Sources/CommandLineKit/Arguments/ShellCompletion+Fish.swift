extension ShellCompletion {
  /// One line a command and an option, each under the condition that its command was typed.
  var fish: String {
    let lines = places.flatMap { place -> [String] in
      let here = condition(place)
      let begin = "complete -c \(tool.name) -n \(Self.quoted(here))"
      let commands = place.subcommands.map {
        "\(begin) -a \($0.name) -d \(Self.quoted($0.abstract))"
      }
      let options = place.options.map { option in
        let value = option.placeholder == nil ? "" : " -r\(Self.action(option.completion))"
        return "\(begin) -l \(option.name)\(value) -d \(Self.quoted(option.help))"
      }
      let argument = place.argument == .nothing ? [] : ["\(begin)\(Self.action(place.argument))"]
      return commands + options + argument
    }
    return """
      # fish completion of \(tool.name). To use it in this shell:
      #   \(tool.name) --generate-completion-script fish | source
      complete -c \(tool.name) -f
      \(lines.joined(separator: "\n"))

      """
  }

  private func condition(_ place: Place) -> String {
    guard !place.names.isEmpty else { return "__fish_use_subcommand" }
    var tests = place.names.map { "__fish_seen_subcommand_from \($0)" }
    if !place.subcommands.isEmpty {
      let below = place.subcommands.map(\.name).joined(separator: " ")
      tests.append("not __fish_seen_subcommand_from \(below)")
    }
    return tests.joined(separator: "; and ")
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " -f"
    case .files: " -F"
    case .folders: " -f -a '(__fish_complete_directories)'"
    case .words(let words): " -f -a \(quoted(words.joined(separator: " ")))"
    }
  }
}
