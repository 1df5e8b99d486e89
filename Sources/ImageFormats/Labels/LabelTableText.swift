/// Label tables in lines of text.
///
/// | kind | a line |
/// |---|---|
/// | ITK-SNAP label description | number R G B A visible mesh "name" |
/// | FreeSurfer colour table | number name R G B A |
/// | FSL colour table | number R G B name |
/// | without colours | number name |
/// | with a head | cells between commas or tabs, under `index`, `value` or `label` and `name` |
enum LabelTableText {
  /// Nil where a line is none of these.
  static func entries(_ text: String) -> [LabelEntry]? {
    let lines = text.split(whereSeparator: \.isNewline).map(trimmed)
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard let first = lines.first else { return nil }
    for separator in ["\t", ","] as [Character] {
      if let places = head(first, separator) {
        return all(lines.dropFirst()) { row($0, separator, places) }
      }
    }
    return all(lines[...], entry)
  }

  private static func all(
    _ lines: ArraySlice<Substring>, _ parse: (Substring) -> LabelEntry?
  ) -> [LabelEntry]? {
    let entries = lines.compactMap(parse)
    return entries.count == lines.count ? entries : nil
  }

  private static func entry(_ line: Substring) -> LabelEntry? {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count > 1, let number = Int(words[0]) else { return nil }
    func made(_ name: some StringProtocol) -> LabelEntry? {
      name.isEmpty ? nil : LabelEntry(number: number, name: String(name))
    }
    if line.hasSuffix("\""), let quote = line.dropLast().firstIndex(of: "\"") {
      return made(line.dropLast()[line.index(after: quote)...])
    }
    func areColours(_ part: ArraySlice<Substring>) -> Bool {
      part.allSatisfy { Double($0).map { $0 >= 0 && $0 <= 255 } ?? false }
    }
    let rest = words.dropFirst()
    if rest.count > 4, areColours(rest.suffix(4)) {
      return made(rest.dropLast(4).joined(separator: " "))
    }
    if rest.count > 3, areColours(rest.prefix(3)) {
      return made(rest.dropFirst(3).joined(separator: " "))
    }
    // Numbers alone are some other table.
    return rest.allSatisfy({ Double($0) != nil }) ? nil : made(rest.joined(separator: " "))
  }

  /// Which cells of a row hold number and name; nil where the line is no head.
  private static func head(_ line: Substring, _ separator: Character) -> (number: Int, name: Int)? {
    let cells = cells(line, separator).map { $0.lowercased() }
    guard let name = cells.firstIndex(of: "name"),
      let number = cells.firstIndex(where: { ["index", "value", "label"].contains($0) })
    else { return nil }
    return (number, name)
  }

  private static func row(
    _ line: Substring, _ separator: Character, _ places: (number: Int, name: Int)
  ) -> LabelEntry? {
    let cells = cells(line, separator)
    guard cells.count > max(places.number, places.name), let number = Int(cells[places.number]),
      !cells[places.name].isEmpty
    else { return nil }
    return LabelEntry(number: number, name: cells[places.name])
  }

  /// Cells without their quotes; a separator within quotes is none (RFC 4180).
  static func cells(_ line: Substring, _ separator: Character) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == separator && !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells.map { String(trimmed($0[...])) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
  }
}
