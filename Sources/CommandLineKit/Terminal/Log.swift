import FoundationEssentials
import MedicalImaging

/// Notes, warnings and errors on standard error, for people or for programs.
///
/// What is said must not hold a header's value: the lines end up in places that many can read.
public struct Log: Sendable {
  public enum Format: String, CaseIterable, Sendable {
    /// `warning: A slice is missing.`
    case human
    /// One object a line: code, level, message and remedy, absent where there is none.
    case json
  }

  private let format: Format
  private let isQuiet: Bool
  private let stream: ErrorStream

  /// A quiet log leaves notes out, never warnings or errors.
  public init(_ format: Format, isQuiet: Bool, on stream: ErrorStream) {
    self.format = format
    self.isQuiet = isQuiet
    self.stream = stream
  }

  /// Something that a user may want to know; left out by `--quiet`.
  public func note(_ code: String, _ message: String) {
    if !isQuiet { write(Entry(code: code, level: "note", message: message)) }
  }

  /// Something that was odd; `code` is a word for programs.
  public func warning(_ code: String, _ message: String) {
    write(Entry(code: code, level: "warning", message: message))
  }

  /// Something that failed.
  public func error(_ error: ImageError) {
    write(
      Entry(
        code: error.code.rawValue, level: "error", message: error.message,
        remedy: error.remedy.isEmpty ? nil : error.remedy))
  }

  private struct Entry: Encodable {
    var code, level, message: String
    var remedy: String?
  }

  private func write(_ entry: Entry) {
    switch format {
    case .human:
      let text = [entry.message, entry.remedy].compactMap { $0 }.joined(separator: "\n  ")
      let safe = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String($0).withoutControls }.joined(separator: "\n")
      stream.line(entry.level == "note" ? safe : "\(entry.level): \(safe)")
    case .json:
      // Sorted keys: equal entries are equal lines.
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let data = try? encoder.encode(entry) else {
        preconditionFailure("Four strings are always JSON.")
      }
      stream.line(String(decoding: data, as: UTF8.self))
    }
  }
}
