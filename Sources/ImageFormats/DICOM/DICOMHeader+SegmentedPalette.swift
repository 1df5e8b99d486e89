import MedicalImaging

extension DICOMHeaderReader {
  /// A table of Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2); nil where it cannot be
  /// read.
  func readSegmentedTable(
    descriptor: DICOMTag, data: DICOMTag, firstIsSigned: Bool
  ) -> LookupTable? {
    guard let value = root.value(descriptor), value.bytes.count >= 6,
      let bytes = root.value(data)?.bytes
    else { return nil }
    let words = stride(from: 0, to: 6, by: 2).map {
      UInt16(value.bytes[$0]) | UInt16(value.bytes[$0 + 1]) << 8
    }
    let count = words[0] == 0 ? 65536 : Int(words[0])
    let bits = Int(words[2])
    guard bits == 8 || bits == 16 else { return nil }
    var segments = PaletteSegments(bytes, bits: bits, count: count)
    guard segments.expand(), segments.entries.count >= count else { return nil }
    let isSigned = value.vr == "SS" || firstIsSigned
    return LookupTable(
      firstMapped: isSigned ? Int(Int16(bitPattern: words[1])) : Int(words[1]), bits: bits,
      entries: Array(segments.entries.prefix(count)))
  }
}

/// The entries that the segments of a palette stand for (PS3.3 C.7.9.2).
private struct PaletteSegments {
  /// Opcodes, lengths and values: bytes of a table of 8 bits, else words.
  private let data: [Int]
  private let size: Int
  /// No table is longer; segments may claim to be.
  private let most: Int
  private(set) var entries: [UInt16] = []

  init(_ bytes: [UInt8], bits: Int, count: Int) {
    size = bits / 8
    most = count
    data =
      size == 1
      ? bytes.map(Int.init)
      : stride(from: 0, to: bytes.count - 1, by: 2).map {
        Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8
      }
  }

  /// False where a segment reaches past the end, or is of no known kind.
  mutating func expand() -> Bool {
    var at = 0
    // A pad of one byte may follow.
    while at + 1 < data.count && entries.count < most {
      guard let next = segment(at, mayRefer: true) else { return false }
      at = next
    }
    return true
  }

  /// Takes the segment at an index in and returns that of the next; nil where it is damaged.
  private mutating func segment(_ at: Int, mayRefer: Bool) -> Int? {
    guard at + 1 < data.count else { return nil }
    let (opcode, length) = (data[at], data[at + 1])
    switch opcode {
    case 0:
      guard at + 2 + length <= data.count else { return nil }
      entries += data[at + 2..<at + 2 + length].map { UInt16($0) }
      return at + 2 + length
    case 1:
      // A line from the entry before to the value named, which is its last.
      guard at + 2 < data.count, length > 0, let from = entries.last else { return nil }
      let (start, rise) = (Double(from), Double(data[at + 2] - Int(from)))
      for i in 1...length {
        let value = start + rise * Double(i) / Double(length)
        entries.append(UInt16(value.rounded(.toNearestOrEven)))
      }
      return at + 3
    case 2:
      // As many segments again as `length` says, from an offset in bytes of 32 bits.
      let numbers = 4 / size
      guard mayRefer, at + 2 + numbers <= data.count else { return nil }
      let offset = (0..<numbers).reduce(0) { $0 | data[at + 2 + $1] << (8 * size * $1) }
      guard offset % size == 0 else { return nil }
      var place = offset / size
      for _ in 0..<length {
        guard entries.count < most, let next = segment(place, mayRefer: false) else {
          return entries.count >= most ? at + 2 + numbers : nil
        }
        place = next
      }
      return at + 2 + numbers
    default: return nil
    }
  }
}
