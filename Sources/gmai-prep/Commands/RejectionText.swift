import CommandLineKit
import GMAIPrep

/// Sources that could not be used, for people: those that share a reason together, with their paths, which
/// are never cut.
struct RejectionText {
  /// Lines of all of it, each ended; an empty one behind each reason.
  private(set) var text = ""
  /// Paths shown of those that share a reason.
  private static let shownPaths = 3

  init(_ rejected: [InspectionReport.RejectedSource], width: Int) {
    func line(_ words: String, indented margin: Int = 0) {
      text += words.lines(width: width, indented: margin)
    }
    let groups = Dictionary(grouping: rejected) {
      "\($0.code.rawValue)\n\($0.message) \($0.remedy)"
    }
    for (reason, sources) in groups.sorted(by: { $0.key < $1.key }) {
      let lines = reason.split(separator: "\n", maxSplits: 1).map(String.init)
      line("Rejected, \(lines[0]): \(sources.count) \(sources.count == 1 ? "file" : "files")")
      line(lines[1], indented: 2)
      for source in sources.prefix(Self.shownPaths) {
        text += "  \(InspectionText.name(of: source.place))\n"
        if let original = source.original {
          text += "    as \(InspectionText.name(of: original))\n"
        }
      }
      let more = sources.count - Self.shownPaths
      if more > 0 { line("... and \(more) more", indented: 2) }
      line("")
    }
  }
}

extension String {
  /// Lines of a width, broken between words, each with a margin and ended.
  func lines(width: Int, indented margin: Int = 0) -> String {
    let space = String(repeating: " ", count: margin)
    return wrapped(to: max(width - margin, 20), hanging: 2).reduce(into: "") { text, part in
      text += part.isEmpty ? "\n" : space + part + "\n"
    }
  }
}
