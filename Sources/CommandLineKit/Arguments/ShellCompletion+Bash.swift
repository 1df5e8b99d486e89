extension ShellCompletion {
  /// For bash 4 and later.
  var bash: String {
    let steps = places.dropFirst().map { place in
      let parent = place.names.dropLast().map { "/\($0)" }.joined()
      return "      \"\(parent) \(place.names.last ?? "")\") path=\(Self.path(place)) ;;"
    }
    let values = places.flatMap { place in
      place.options.filter { $0.placeholder != nil }.map { option in
        "    \"\(Self.path(place)) --\(option.name)\") \(Self.offer(option.completion)); return ;;"
      }
    }
    let words = places.map { place in
      let names = place.subcommands.map(\.name) + (place.command == nil ? ["help"] : [])
      let known = names + place.options.map { "--\($0.name)" }
      var line = "    \"\(Self.path(place))\") \(Self.offer(.words(known)))"
      if place.argument != .nothing {
        line += "; [[ $current == -* ]] || \(Self.offer(place.argument))"
      }
      return line + " ;;"
    }
    return """
      # bash completion of \(tool.name). To use it in this shell:
      #   source <(\(tool.name) --generate-completion-script bash)
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path="" i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case "$path ${COMP_WORDS[i]}" in
      \(steps.joined(separator: "\n"))
          esac
        done
        COMPREPLY=()
        case "$path $previous" in
      \(values.joined(separator: "\n"))
        esac
        case "$path" in
      \(words.joined(separator: "\n"))
        esac
      }
      complete -o filenames -F \(function) \(tool.name)

      """
  }

  private static func path(_ place: Place) -> String { place.names.map { "/\($0)" }.joined() }

  private static func offer(_ completion: Completion) -> String {
    let matches =
      switch completion {
      case .nothing: ":"
      case .files: "compgen -f -- \"$current\""
      case .folders: "compgen -d -- \"$current\""
      case .words(let words): "compgen -W \(quoted(words.joined(separator: " "))) -- \"$current\""
      }
    return completion == .nothing
      ? matches : "mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(\(matches))"
  }
}
