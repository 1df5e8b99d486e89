extension ShellCompletion {
  /// One function a command, each told the words behind its own name.
  var zsh: String {
    let functions = places.map { place -> String in
      let options = place.options.map { "    \(Self.quoted(Self.specification($0))) \\\n" }.joined()
      guard !place.subcommands.isEmpty else {
        let arguments = (place.command?.arguments ?? []).map(\.form).enumerated().map {
          index, form in
          let place = form.count.upperBound > 1 ? "*" : "\(index + 1)"
          return Self.quoted("\(place):\(form.name):\(Self.action(form.completion))")
        }
        let last = arguments.isEmpty ? ["'*: :'"] : arguments
        return """
          \(name(place)) () {
            _arguments \\
          \(options)    \(last.joined(separator: " "))
          }
          """
      }
      let known = place.subcommands.map { "\($0.name)\\:\(Self.described($0.abstract))" }
      let calls = place.subcommands.map { command in
        "      \(command.name)) \(name(place))_\(Self.identifier(command.name)) ;;"
      }
      return """
        \(name(place)) () {
          local curcontext="$curcontext" state line
          _arguments -C \\
        \(options)    \(Self.quoted("1:command:((\(known.joined(separator: " "))))")) \\
            '*::argument:->rest'
          if [[ $state == rest ]]; then
            case $line[1] in
        \(calls.joined(separator: "\n"))
            esac
          fi
        }
        """
    }
    return """
      #compdef \(tool.name)
      # zsh completion of \(tool.name). Save it as \(function) in a folder of $fpath, or load it by:
      #   source <(\(tool.name) --generate-completion-script zsh)
      \(functions.joined(separator: "\n"))
      # Found in $fpath, this file is itself the function's first call.
      if [[ $funcstack[1] == \(function) ]]; then
        \(function) "$@"
      else
        compdef \(function) \(tool.name)
      fi

      """
  }

  private func name(_ place: Place) -> String {
    ([function] + place.names.map(Self.identifier)).joined(separator: "_")
  }

  private static func identifier(_ name: String) -> String {
    name.map { $0 == "-" ? "_" : String($0) }.joined()
  }

  private static func specification(_ option: OptionForm) -> String {
    let head = (option.repeats && option.placeholder != nil ? "*" : "") + "--\(option.name)"
    let help = "[\(escaped(option.help, ["[", "]", ":", "\\"]))]"
    return option.placeholder.map { "\(head)\(help):\($0):\(action(option.completion))" }
      ?? "\(head)\(help)"
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .files: "_files"
    case .folders: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  /// A description inside ((...)), where blanks and brackets part the entries.
  private static func described(_ text: String) -> String {
    escaped(text, [" ", "(", ")", ":", "\\", "'", "\"", ";", "&", "|", "<", ">", "$", "`"])
  }

  private static func escaped(_ text: String, _ special: Set<Character>) -> String {
    text.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
