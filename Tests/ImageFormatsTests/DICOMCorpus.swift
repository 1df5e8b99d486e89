import Foundation
import ImageFormats
import MedicalImaging

/// The real files that tests are held against, with what their inventory says of each.
enum DICOMCorpus {
  struct Row: Sendable, CustomStringConvertible {
    var path, kind, modality, sopClass, syntax, rows, columns, frames, bits, photometric: String
    var decode, pixelSHA256: String

    var description: String { path }
    var isPartOfDICOM: Bool { kind.hasPrefix("DICOM") }
    /// 12 of "12/16sx1".
    var samples: Int? { bits.split(separator: "x").last.flatMap { Int($0) } }
    var bitsAllocated: Int? {
      bits.split(separator: "/").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    /// int16 of "ok int16 512x512 [-2000..2402]" or of "ok >i2 ...".
    var dtype: String {
      let words = decode.split(separator: " ")
      guard words.count > 1, words[0].hasPrefix("ok") else { return "" }
      let names = [">i2": "int16", ">u2": "uint16", ">u4": "uint32"]
      return names[String(words[1])] ?? String(words[1])
    }
  }

  static let folder: String? = {
    let path =
      ProcessInfo.processInfo.environment["GMAI_PREP_CORPUS"]
      ?? URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/corpus"
      ).standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path + "/inventory.csv") ? path : nil
  }()

  static let python: String? = {
    guard let path = ProcessInfo.processInfo.environment["GMAI_PREP_PYTHON"] else { return nil }
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Where the corpus must be there, its absence is a failure and not a reason to skip.
  static let isRequired =
    ProcessInfo.processInfo.environment["GMAI_PREP_REQUIRE_CORPUS"] == "1"
  static let isUsable = folder != nil || isRequired
  static let isComparable = isUsable && (python != nil || isRequired)

  static let rows: [Row] = {
    guard let folder,
      let text = try? String(contentsOfFile: folder + "/inventory.csv", encoding: .utf8)
    else { return [] }
    return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let f = fields(line)
      guard f.count >= 14 else { return nil }
      return Row(
        path: f[0], kind: f[3], modality: f[4], sopClass: f[5], syntax: f[6], rows: f[7],
        columns: f[8], frames: f[9], bits: f[10], photometric: f[11], decode: f[12],
        pixelSHA256: f[13])
    }
  }()

  static let dicom = rows.filter(\.isPartOfDICOM)

  static func open(_ row: Row) throws -> SourceBytes {
    try SourceBytes(path: (folder ?? "") + "/" + row.path)
  }

  static func header(_ row: Row) throws -> (InstanceHeader, SourceBytes)? {
    let bytes = try open(row)
    guard case .image(let header) = try DICOMReader.read(bytes) else { return nil }
    return (header, bytes)
  }

  /// One line of comma-separated values, quotes doubled inside quotes.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    var previousWasQuote = false
    for c in line {
      if c == "\"" {
        if previousWasQuote && !isQuoted { fields[fields.count - 1].append(c) }
        isQuoted.toggle()
        previousWasQuote = true
        continue
      }
      previousWasQuote = false
      if c == "," && !isQuoted { fields.append("") } else { fields[fields.count - 1].append(c) }
    }
    return fields
  }
}
