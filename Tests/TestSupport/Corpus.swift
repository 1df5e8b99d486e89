import Foundation
import Testing

/// Real files that nobody here made, with what other readers said of them.
///
/// They lie at GMAI_PREP_CORPUS, else at ../shared/corpus beside the package. Nothing of them is
/// ever copied into the project.
public struct Corpus: Sendable {
  /// The folder that holds `inventory.csv`.
  public var root: URL
  /// The rows of `inventory.csv`, in its order.
  public var entries: [Entry]

  /// One file of the corpus; columns as in its README, "" and nil where a cell is empty.
  public struct Entry: Sendable, CustomTestStringConvertible {
    public var path: String
    public var sha256: String
    public var bytes: Int
    public var kind: String
    public var modality: String
    public var sopClass: String
    public var transferSyntax: String
    public var rows: Int?
    public var columns: Int?
    public var frames: Int?
    public var bits: String
    public var photometric: String
    /// What pydicom 3.0.2 with pylibjpeg said, or `none`.
    public var decode: String
    /// SHA-256 of the decoded stored values: C order, native endian.
    public var pixelSHA256: String

    public var testDescription: String { path }
  }

  /// Where the corpus is looked for.
  public static let location: URL =
    Environment.value("GMAI_PREP_CORPUS").map { URL(filePath: $0) }
    ?? Environment.packageRoot.appending(path: "../shared/corpus").standardizedFileURL

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: location.appending(path: "inventory.csv").path)
  }

  /// Reads the inventory.
  /// - Throws: `TestSupportError` where there is no corpus or a row has not 14 cells.
  public init() throws {
    root = Self.location
    guard
      let text = try? String(contentsOf: root.appending(path: "inventory.csv"), encoding: .utf8)
    else {
      throw TestSupportError("No inventory.csv at \(root.path); set GMAI_PREP_CORPUS.")
    }
    entries = try text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cell = try Self.cells(of: line)
      guard cell.count == 14, let bytes = Int(cell[2]) else {
        throw TestSupportError("A row of inventory.csv has not 14 cells: \(line)")
      }
      return Entry(
        path: cell[0], sha256: cell[1], bytes: bytes, kind: cell[3], modality: cell[4],
        sopClass: cell[5], transferSyntax: cell[6], rows: Int(cell[7]), columns: Int(cell[8]),
        frames: Int(cell[9]), bits: cell[10], photometric: cell[11], decode: cell[12],
        pixelSHA256: cell[13])
    }
  }

  /// The file that a row speaks of.
  public func url(_ entry: Entry) -> URL { root.appending(path: entry.path) }

  /// The cells of one line of RFC 4180 without line breaks inside quotes.
  static func cells(of line: Substring) throws -> [String] {
    var cells = [""]
    var quoted = false
    var rest = line[...]
    while let c = rest.popFirst() {
      switch c {
      case "\"" where quoted && rest.first == "\"":
        cells[cells.count - 1].append(rest.removeFirst())
      case "\"": quoted.toggle()
      case "," where !quoted: cells.append("")
      default: cells[cells.count - 1].append(c)
      }
    }
    guard !quoted else { throw TestSupportError("A row of inventory.csv ends inside quotes.") }
    return cells
  }
}
