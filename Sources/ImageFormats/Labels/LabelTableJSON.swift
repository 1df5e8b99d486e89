import FoundationEssentials
import MedicalImaging

/// Label tables in JSON.
enum LabelTableJSON {
  /// A member's value, as far as a label table has it.
  private enum Value: Decodable {
    case number(Int)
    case text(String)
    case region([Int])
    case table([String: Value])
    case other

    init(from decoder: Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let region = try? container.decode([Int].self) {
        self = .region(region)
      } else if let table = try? container.decode([String: Value].self) {
        self = .table(table)
      } else {
        self = .other
      }
    }
  }

  /// Nil where it is no label table. Throws `.labelTable` for regions that overlap.
  static func entries(_ text: String) throws(ImageError) -> [LabelEntry]? {
    let decoded = try? JSONDecoder().decode([String: Value].self, from: Data(text.utf8))
    guard var members = decoded else { return nil }
    if case .table(let labels)? = members["labels"] { members = labels }
    // Keys have no order in JSON.
    let sorted = members.sorted { $0.key < $1.key }

    // Number -> name: every key is a number.
    let byNumber = sorted.compactMap { key, value -> LabelEntry? in
      guard case .text(let name) = value, let number = Int(key) else { return nil }
      return LabelEntry(number: number, name: name)
    }
    if byNumber.count == sorted.count { return byNumber }

    // Name -> number, or the numbers of a region (nnU-Net's region-based training).
    var entries: [LabelEntry] = []
    for (name, value) in sorted {
      switch value {
      case .number(let number): entries.append(LabelEntry(number: number, name: name))
      case .text(let text):
        guard let number = Int(text) else { return nil }
        entries.append(LabelEntry(number: number, name: name))
      case .region(let numbers):
        entries += numbers.map { LabelEntry(number: $0, name: name) }
      case .table, .other: return nil
      }
    }
    let regions = sorted.contains { if case .region = $0.value { true } else { false } }
    if regions, Set(entries.map(\.number)).count < entries.count {
      throw LabelTableReader.error(
        "The label table joins numbers in regions that overlap, so that they have no single names.")
    }
    return entries
  }
}
