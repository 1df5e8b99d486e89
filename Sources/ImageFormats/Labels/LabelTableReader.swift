import Glibc
import MedicalImaging

/// Reads what the numbers of a label volume stand for, from the tables that programs put beside it.
///
/// Which of them it is, its content says: JSON (a name to a number, or a number to a name; nnU-Net's
/// dataset.json with its "labels"), or lines of text (ITK-SNAP's label description, FreeSurfer's and
/// FSL's colour tables, a table with a head). Colours are passed over.
public enum LabelTableReader {
  /// Tables are small; what is larger is none.
  private static let mostBytes = 16 << 20

  /// The table that a file holds.
  ///
  /// Throws `.labelTable` where it is no table, gives a number two names, or joins numbers in regions
  /// that overlap.
  public static func read(_ bytes: SourceBytes) throws(ImageError) -> LabelTable {
    guard let table = try readIfTable(bytes) else { throw error("The file is no table of labels.") }
    return table
  }

  /// The table beside a label volume: `x.json`, `x.lut`, `x.txt`, `x.csv` or `x.tsv` for `x.nii`,
  /// `x.nii.gz`, `x.hdr` or `x.img`; else `dataset.json` in its folder or in the one above, as nnU-Net
  /// has it. Nil where none of these is a table: a file of such a name may hold something else.
  ///
  /// Throws `.labelTable` where one is a table and contradicts itself.
  public static func read(beside path: String) throws(ImageError) -> LabelTable? {
    for candidate in candidates(beside: path) {
      guard let bytes = try? SourceBytes(path: candidate) else { continue }
      if let table = try readIfTable(bytes) { return table }
    }
    return nil
  }

  /// Nil where it is something else.
  private static func readIfTable(_ bytes: SourceBytes) throws(ImageError) -> LabelTable? {
    guard bytes.count <= mostBytes else { return nil }
    var content = bytes.copy(0..<bytes.count)[...]
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
    guard let text = String(validating: content, as: UTF8.self) else { return nil }
    let isJSON = text.first { !$0.isWhitespace } == "{"
    let entries = isJSON ? try LabelTableJSON.entries(text) : LabelTableText.entries(text)
    guard let entries, !entries.isEmpty else { return nil }
    return try table(entries)
  }

  private static func table(_ entries: [LabelEntry]) throws(ImageError) -> LabelTable {
    var names: [Int: String] = [:]
    for entry in entries {
      guard names[entry.number, default: entry.name] == entry.name else {
        throw error("The label table gives one number several names.")
      }
      names[entry.number] = entry.name
    }
    return LabelTable(names)
  }

  static func error(_ sentence: String) -> ImageError { ImageError(.labelTable, sentence) }

  private static func candidates(beside path: String) -> [String] {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = path[..<slash]
    var name = path[slash...]
    if name.lowercased().hasSuffix(".gz") { name = name.dropLast(3) }
    if [".nii", ".hdr", ".img"].contains(name.suffix(4).lowercased()) { name = name.dropLast(4) }
    return ["json", "lut", "txt", "csv", "tsv"].map { "\(folder)\(name).\($0)" }
      + ["\(folder)dataset.json", "\(folder)../dataset.json"]
  }
}

/// One line of a label table.
struct LabelEntry {
  var number: Int
  var name: String
}
