import Foundation
import Testing

/// A page of the documentation, and the facts that it states.
struct Page: CustomTestStringConvertible {
  /// From the package's root: `Docs/Reference/recipe.md`.
  let path: String
  let text: String

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// README.md and every page below Docs.
  static let all: [Page] = {
    let docs = FileManager.default.enumerator(atPath: root.appending(path: "Docs").path)
    let found = (docs?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.sorted()
    return (["README.md"] + found.map { "Docs/" + $0 }).map(Page.init)
  }()

  init(_ path: String) {
    self.path = path
    text = (try? String(contentsOf: Self.root.appending(path: path), encoding: .utf8)) ?? ""
  }

  var testDescription: String { path }
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Text outside of fenced blocks.
  var prose: String {
    var isCode = false
    return lines.filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode && !line.hasPrefix("```")
    }.joined(separator: "\n")
  }

  /// The contents of fenced blocks of one language.
  func blocks(_ language: String) -> [[Substring]] {
    var blocks: [[Substring]] = []
    var isInside = false
    for line in lines {
      if line.hasPrefix("```") {
        isInside = !isInside && line == "```\(language)"
        if isInside { blocks.append([]) }
      } else if isInside {
        blocks[blocks.count - 1].append(line)
      }
    }
    return blocks
  }

  /// Headings as they are linked to: lower case, spaces as dashes, other marks left out.
  var anchors: Set<String> {
    Set(
      prose.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" }.dropFirst().lowercased()
          .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
          .split(separator: " ", omittingEmptySubsequences: false).joined(separator: "-")
      })
  }

  /// The text below a heading, up to the next of its level or above; nil where there is none.
  func section(_ heading: String) -> String? {
    guard let start = lines.firstIndex(where: { $0 == heading }) else { return nil }
    let level = heading.prefix { $0 == "#" }.count
    let rest = lines[(start + 1)...]
    let end =
      rest.firstIndex { line in
        let depth = line.prefix { $0 == "#" }.count
        return (1...level).contains(depth) && line.dropFirst(depth).hasPrefix(" ")
      } ?? rest.endIndex
    return rest[..<end].joined(separator: "\n")
  }

  /// Rows of all tables of a text, their cells trimmed; heads and rules left out.
  static func rows(_ text: String) -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { index in
      guard lines[index].hasPrefix("| "), !lines[index].hasPrefix("|--"),
        index + 1 == lines.endIndex || !lines[index + 1].hasPrefix("|-")
      else { return nil }
      return lines[index].dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      ).map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
