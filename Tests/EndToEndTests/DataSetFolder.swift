import Foundation
import MedicalImaging
import TestSupport
import Testing

/// A converted data set as a test looks at it: through its files alone.
struct DataSetFolder {
  let url: URL

  init(_ url: URL) { self.url = url }

  var privateFolder: URL { URL(filePath: url.path + ".private") }

  /// SHA-256 of every file by its path below the folder.
  func contents() throws -> [String: String] {
    var found: [String: String] = [:]
    let files = FileManager.default.enumerator(atPath: url.path)
    while let path = files?.nextObject() as? String {
      let place = url.appending(path: path)
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      let bytes = try [UInt8](Data(contentsOf: place))
      found[path] = unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
    }
    return found
  }

  /// Expects the files and bytes of another data set, and names those that are not the same.
  func expectBytes(
    of other: DataSetFolder, _ comment: Comment? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try expectBytes(other.contents(), comment, at: location)
  }

  /// As the other, of what `contents` gave earlier.
  func expectBytes(
    _ other: [String: String], _ comment: Comment? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let mine = try contents()
    let different = Set(mine.keys).union(other.keys).filter { mine[$0] != other[$0] }.sorted()
    #expect(different == [], comment, sourceLocation: location)
  }

  private static let decoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }()
  private var decoder: JSONDecoder { Self.decoder }

  /// What is read of a sample here; the whole of it is checked by peers.
  struct Row: Decodable {
    var id: String
    var split: String
    var dicomModality: String?
    var labels: [Label]
    var pictures: [Picture]
    var provenance: Provenance

    struct Label: Decodable {
      var name, code: String?
    }

    struct Picture: Decodable {
      var sourceSha256: [String]
      var selection: Selection
      var display: Display
      var modalityValues: ModalityValues?
      var tiles: Tiles
    }

    struct Tiles: Decodable {
      var policy: String
      var columns, rows: Int
      var canvas: [Int]
      var content: [Double]
      var millimetresPerPixel: [Double]?
    }

    struct Display: Decodable {
      var channels: [Channel]
      var stain: Stain?
    }

    struct Stain: Decodable, Equatable {
      var method: String
      var source: [[Double]]
    }

    struct Channel: Decodable {
      var low, high: Double
    }

    struct ModalityValues: Decodable {
      var slope, intercept: Double?
      var units: String
    }

    struct Selection: Decodable {
      var index: Int
      var plane: String?
    }

    struct Provenance: Decodable {
      var subject, series: String
      var gaps: [Gap]
    }

    struct Gap: Decodable, Equatable {
      var kind: String
      var after, planes: Int
      var millimetres: Double
    }
  }

  struct Reject: Decodable, Equatable {
    var sourceSha256: String?
    var source, code, message, remedy: String
  }

  /// The rows of each shard, by the shard's name, in the shard's order.
  func shards() throws -> [(name: String, rows: [Row])] {
    let folder = url.appending(path: "shards")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      let tar = try Data(contentsOf: folder.appending(path: name))
      return (
        name,
        try Self.members(of: tar).filter { $0.name.hasSuffix(".json") }.map {
          try decoder.decode(Row.self, from: $0.bytes)
        }
      )
    }
  }

  func rows() throws -> [Row] { try shards().flatMap(\.rows) }

  /// SHA-256 of the pictures of one DICOM modality, with their samples' names.
  func pictures(_ modality: String) throws -> [String] {
    let folder = url.appending(path: "shards")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).flatMap { name in
      let members = try Self.members(of: Data(contentsOf: folder.appending(path: name)))
      return try zip(members, members.dropFirst()).compactMap { row, picture -> String? in
        guard row.name.hasSuffix(".json"),
          try decoder.decode(Row.self, from: row.bytes).dicomModality == modality
        else { return nil }
        let bytes = [UInt8](picture.bytes)
        let digest = unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
        return picture.name + digest
      }
    }
  }

  /// SHA-256 of every picture's file.
  func pictureDigests() throws -> [String] {
    let folder = url.appending(path: "shards")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).flatMap { name in
      try Self.members(of: Data(contentsOf: folder.appending(path: name)))
        .filter { $0.name.hasSuffix(".png") }.map { member in
          let bytes = [UInt8](member.bytes)
          return unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
        }
    }
  }

  /// Files left out, by kind.
  func leftOut() throws -> [String: Int] {
    let card = try Data(contentsOf: url.appending(path: "dataset.json"))
    let members = try JSONSerialization.jsonObject(with: card) as? [String: Any]
    return members?["left_out"] as? [String: Int] ?? [:]
  }

  func rejects() throws -> [Reject] {
    try String(contentsOf: url.appending(path: "rejects.jsonl"), encoding: .utf8)
      .split(separator: "\n").map { try decoder.decode(Reject.self, from: Data($0.utf8)) }
  }

  /// How often each finding occurred, by dataset.json.
  func findings() throws -> [String: Int] {
    let card = try Data(contentsOf: url.appending(path: "dataset.json"))
    let fields = try JSONSerialization.jsonObject(with: card) as? [String: Any]
    return fields?["findings"] as? [String: Int] ?? [:]
  }

  /// The picture files of all samples.
  func pictureBytes() throws -> [Data] {
    let folder = url.appending(path: "shards")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().flatMap {
      try Self.members(of: Data(contentsOf: folder.appending(path: $0)))
        .filter { !$0.name.hasSuffix(".json") }.map(\.bytes)
    }
  }

  /// A number of dataset.json.
  func count(_ field: String) throws -> Int? {
    let card = try Data(contentsOf: url.appending(path: "dataset.json"))
    return (try JSONSerialization.jsonObject(with: card) as? [String: Any])?[field] as? Int
  }

  /// The members of a ustar archive.
  private static func members(of tar: Data) throws -> [(name: String, bytes: Data)] {
    var members: [(name: String, bytes: Data)] = []
    var at = tar.startIndex
    func text(_ offset: Int, _ length: Int) -> String {
      String(decoding: tar[at + offset..<at + offset + length].prefix { $0 != 0 }, as: UTF8.self)
    }
    while at + 512 <= tar.endIndex, tar[at] != 0 {
      guard let size = Int(text(124, 11), radix: 8), at + 512 + size <= tar.endIndex else {
        throw TestSupportError("A shard is no ustar archive.")
      }
      members.append((text(0, 100), tar[at + 512..<at + 512 + size]))
      at += 512 + (size + 511) / 512 * 512
    }
    return members
  }
}

/// What most tests here begin with: a folder for sources, one for a data set, a salt and a recipe.
final class Bench: Sendable {
  let folder: TemporaryFolder
  /// Known, so that a test can say which token a source has.
  static let salt = Array("a salt for tests, nothing more".utf8)

  init(recipe: String = "{}") throws {
    folder = try TemporaryFolder()
    try folder.write(Self.salt, to: "salt")
    try folder.write(Array(recipe.utf8), to: "recipe.json5")
    try FileManager.default.createDirectory(
      at: sources, withIntermediateDirectories: true)
  }

  var sources: URL { folder.url("sources") }

  func dataSet(_ name: String = "set") -> DataSetFolder { DataSetFolder(folder.url(name)) }

  /// The words of a call that converts `sources`.
  func words(
    _ name: String = "set", from sources: [String]?, _ more: [String] = []
  ) -> [String] {
    ["convert"] + (sources ?? [self.sources.path]) + [
      "--out", folder.url(name).path, "--recipe", folder.url("recipe.json5").path, "--salt-file",
      folder.url("salt").path, "--quiet",
    ] + more
  }

  @discardableResult
  func convert(
    _ name: String = "set", from sources: [String]? = nil, _ more: String...
  ) throws -> Program.End {
    try Program(words: words(name, from: sources, more)).end()
  }

  /// The token of a source by its name below the folder that was named.
  static func token(_ name: String) -> String { Pseudonyms(salt: salt).name("source", name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let place = sources.appending(path: name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
  }
}
