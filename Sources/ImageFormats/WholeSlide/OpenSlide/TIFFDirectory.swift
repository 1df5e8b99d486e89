import MedicalImaging

/// One directory of a TIFF (TIFF 6.0; BigTIFF), as far as a slide's level is told by it.
struct TIFFDirectory {
  enum Tag: Int {
    case columns = 256
    case rows = 257
    case bits = 258
    case compression = 259
    case photometric = 262
    case description = 270
    case orientation = 274
    case samples = 277
    case planar = 284
    case software = 305
    case tileColumns = 322
    case tileRows = 323
    case tileOffsets = 324
    case tileByteCounts = 325
    case xml = 700
    case iccProfile = 34675
    /// Hamamatsu's mark: such a file has 64-bit offsets in its own way.
    case hamamatsu = 65420
  }

  private struct Field {
    var type: Int
    var count: Int
    /// Where the values lie.
    var at: Int
  }

  private let file: File
  private var fields: [Tag: Field] = [:]
  /// Offset of the next directory, 0 where there is none; nil where the file ends before it.
  let next: Int?

  /// How the file writes numbers, and where its first directory is.
  struct File {
    let bytes: SourceBytes
    let isBig: Bool
    let isBigEndian: Bool
    private(set) var first = 0

    /// Nil where the bytes are no TIFF.
    init?(_ bytes: SourceBytes) {
      let head = bytes.head(4)
      switch head {
      case [0x49, 0x49, 42, 0], [0x49, 0x49, 43, 0]: isBigEndian = false
      case [0x4D, 0x4D, 0, 42], [0x4D, 0x4D, 0, 43]: isBigEndian = true
      default: return nil
      }
      self.bytes = bytes
      isBig = head.contains(43)
      let at = isBig ? 8 : 4
      guard let first = number(at, at) else { return nil }
      self.first = first
    }

    func number(_ at: Int, _ size: Int) -> Int? {
      // With its highest bit set, a number of 8 bytes is past all sizes there are.
      bytes.number(at: at, size: size, bigEndian: isBigEndian).map { $0 < 0 ? .max : $0 }
    }
  }

  /// More fields than a classic TIFF can count are damage.
  private static let mostFields = 65_535

  /// Nil where the directory does not lie inside the file.
  init?(_ file: File, at start: Int) {
    let (countSize, entrySize, inlineSize) = file.isBig ? (8, 20, 8) : (2, 12, 4)
    guard let count = file.number(start, countSize), count <= Self.mostFields else { return nil }
    self.file = file
    next = file.number(start + countSize + count * entrySize, inlineSize)
    for i in 0..<count {
      let entry = start + countSize + i * entrySize
      guard let number = file.number(entry, 2), let type = file.number(entry + 2, 2),
        let values = file.number(entry + 4, inlineSize)
      else { return nil }
      guard let tag = Tag(rawValue: number) else { continue }
      let place = entry + 4 + inlineSize
      let isInline = Self.size(type).map { values <= inlineSize / $0 } ?? true
      guard let at = isInline ? place : file.number(place, inlineSize) else { return nil }
      fields[tag] = Field(type: type, count: values, at: at)
    }
  }

  /// Bytes of a BYTE, ASCII, SHORT, LONG, UNDEFINED or LONG8; nil for other types, which none of these
  /// fields has.
  private static func size(_ type: Int) -> Int? { [1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 16: 8][type] }

  func has(_ tag: Tag) -> Bool { fields[tag] != nil }

  /// How many values a field has; nil where it is absent, of another type, or does not lie inside.
  func count(_ tag: Tag) -> Int? {
    guard let field = fields[tag], let size = Self.size(field.type), field.at <= file.bytes.count,
      field.count <= (file.bytes.count - field.at) / size
    else { return nil }
    return field.count
  }

  /// The value of a field of single bytes, where it is no longer than a profile is.
  func bytes(_ tag: Tag) -> [UInt8]? {
    guard let count = count(tag), fields[tag]?.type == 7,
      (1...ColorTransform.longest).contains(count),
      let at = fields[tag]?.at
    else { return nil }
    return file.bytes.copy(at..<at + count)
  }

  /// The beginning of a text, at most `longest` bytes of it; "" where there is none.
  func text(_ tag: Tag, longest: Int) -> String {
    guard let field = fields[tag], Self.size(field.type) == 1, field.at <= file.bytes.count else {
      return ""
    }
    // Of a text that is cut off, what is there may say enough.
    let count = min(field.count, longest, file.bytes.count - field.at)
    let bytes = file.bytes.copy(field.at..<field.at + count)
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A value of a field; `index` must be below its count.
  func value(_ tag: Tag, _ index: Int = 0) -> Int? {
    guard let field = fields[tag], let size = Self.size(field.type), index < field.count,
      field.at <= file.bytes.count
    else { return nil }
    return file.number(field.at + index * size, size)
  }
}
