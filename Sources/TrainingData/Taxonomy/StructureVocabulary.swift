import MedicalImaging

/// What a structure is called in a data set.
struct StructureName: Hashable, Sendable {
  /// A word of a closed vocabulary, or of the recipe; nil where nothing says it.
  var name: String?
  /// Coding scheme and value, as "SCT:10200004"; nil where there is none.
  var code: String?

  static let unknown = StructureName(name: nil, code: nil)
}

/// The closed vocabularies that names of structures come from, so that no free text of a file reaches a
/// data set: codes of segments and regions (PS3.16, context groups 7151, 4 and their parts), and names of
/// structure sets that say one of these.
struct StructureVocabulary: Sendable {
  private struct Entry {
    var code: String
    var meaning: String
  }

  private let byCode: [String: Entry]
  private let byMeaning: [String: Entry]
  /// Spelling -> how the vocabulary calls it.
  private let aliases: [String: String]

  static let standard = StructureVocabulary(
    codes: PackageResources.Structures_txt, regions: PackageResources.RegionNames_txt)

  init(codes: [UInt8], regions: [UInt8]) {
    var byCode: [String: Entry] = [:]
    var byMeaning: [String: Entry] = [:]
    for line in Self.lines(codes) {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 4 else { continue }
      let entry = Entry(code: "\(cells[0]):\(cells[1])", meaning: cells[3])
      byCode["\(cells[0].uppercased()):\(cells[1])"] = entry
      // SNOMED codes of before 2014, under each of the names that their scheme had (PS3.16 8.1).
      if !cells[2].isEmpty {
        for scheme in ["SRT", "SNM3", "99SDM"] { byCode["\(scheme):\(cells[2])"] = entry }
      }
      let spelling = Self.letters(cells[3])
      // Of two codes with one meaning that which segmentations use.
      if byMeaning[spelling] == nil || !cells[2].isEmpty { byMeaning[spelling] = entry }
    }
    var aliases: [String: String] = [:]
    for line in Self.lines(regions) where !line.hasPrefix("#") {
      let cells = line.split(separator: "\t").map(String.init)
      guard cells.count == 2 else { continue }
      for alias in cells[1].split(separator: " ") { aliases[String(alias)] = cells[0] }
    }
    self.byCode = byCode
    self.byMeaning = byMeaning
    self.aliases = aliases
  }

  /// What a code stands for; private ones, and those of no segment or region, say nothing.
  func name(of concept: CodedConcept) -> StructureName? {
    byCode["\(concept.scheme.uppercased()):\(concept.value)"].map {
      StructureName(name: $0.meaning, code: $0.code)
    }
  }

  /// What a free name says where it is one of the known ones, with its side: "Lung_L", "Lt Lung" and
  /// "left lung" are one.
  func name(ofText text: String) -> StructureName? {
    let words = Self.words(text)
    let sides = Set(words.compactMap { Self.sides[$0] })
    guard sides.count <= 1 else { return nil }
    let rest = words.filter { Self.sides[$0] == nil }.joined()
    guard let meaning = aliases[rest] ?? byMeaning[rest]?.meaning else { return nil }
    let code = byMeaning[Self.letters(meaning)]?.code
    guard let side = sides.first else { return StructureName(name: meaning, code: code) }
    return StructureName(name: "\(side) \(meaning.lowercased())", code: code)
  }

  /// What a structure set calls what radiation is planned for, or kept from (PS3.3 C.8.8.8.1).
  func name(ofInterpretedType type: String) -> StructureName? {
    Self.interpretedTypes[type].map { StructureName(name: $0, code: nil) }
  }

  private static let interpretedTypes = [
    "EXTERNAL": "body outline", "GTV": "gross tumor volume", "CTV": "clinical target volume",
    "PTV": "planning target volume", "TREATED_VOLUME": "treated volume",
    "IRRAD_VOLUME": "irradiated volume", "BOLUS": "bolus", "CONTRAST_AGENT": "contrast agent",
    "CAVITY": "cavity", "SUPPORT": "patient support", "FIXATION": "fixation device",
  ]

  private static let sides = [
    "l": "left", "lt": "left", "left": "left", "r": "right", "rt": "right", "right": "right",
  ]

  /// Lower-case words: they end where signs, or capitals behind small letters, are.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var wasSmall = false
    for character in text {
      let isWord = character.isLetter || character.isNumber
      if !isWord || character.isUppercase && wasSmall { words.append("") }
      if isWord { words[words.count - 1] += character.lowercased() }
      wasSmall = character.isLowercase
    }
    return words.filter { !$0.isEmpty }
  }

  /// A text without its blanks, signs and capitals.
  static func letters(_ text: String) -> String {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// How the vocabulary calls what its aliases stand for, for tests.
  var aliasedMeanings: [String] { Set(aliases.values).sorted() }

  /// Whether a name stands for a code.
  func hasCode(_ meaning: String) -> Bool { byMeaning[Self.letters(meaning)] != nil }
}
