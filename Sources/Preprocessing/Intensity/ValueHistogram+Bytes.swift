import MedicalImaging

/// The file form of a histogram, the same bytes for the same counts:
///
///     "GVH2", number of transforms, and for each, in ascending order of its own bytes:
///       0, slope, intercept (Float64)  |  1, first mapped, bits, count, entries (UInt16)
///       number of values; 0 where all are whole numbers of 33 bits, else 1;
///       for each value: distance from the one before it, count
///
/// Whole numbers are LEB128, signed ones zigzag first; the others are little endian. Where not all
/// values are whole, distances are those of their bit patterns, brought into the order of the values
/// (those of negative numbers inverted, the sign bit of the others set).
extension ValueHistogram {
  private static let magic = Array("GVH2".utf8)

  public var bytes: [UInt8] {
    let parts = parts.map { (key: Self.bytes(of: $0.key), entries: $0.value) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var writer = ByteWriter(bytes: Self.magic)
    writer.append(UInt64(parts.count))
    for part in parts {
      writer.bytes += part.key
      writer.append(UInt64(part.entries.count))
      let areWhole = part.entries.allSatisfy { Self.isWhole($0.value) }
      writer.append(UInt64(areWhole ? 0 : 1))
      var last = 0
      var lastKey: UInt64 = 0
      for entry in part.entries {
        if areWhole {
          let value = Int(entry.value)
          writer.append(signed: value - last)
          last = value
        } else {
          let key = Self.key(entry.value)
          writer.append(key - lastKey)
          lastKey = key
        }
        writer.append(entry.count)
      }
    }
    return writer.bytes
  }

  /// Reads what `bytes` wrote.
  /// - Throws: `ImageError` with code `unreadable` where it is anything else.
  public init(bytes: [UInt8]) throws {
    var reader = ByteReader(bytes: bytes)
    guard try reader.take(Self.magic.count).elementsEqual(Self.magic) else {
      throw ByteReader.damaged
    }
    var parts: [ModalityTransform: [Entry]] = [:]
    for _ in 0..<(try reader.number(atMost: bytes.count)) {
      let modality = try Self.transform(from: &reader)
      var entries: [Entry] = []
      let number = try reader.number(atMost: bytes.count)
      let areWhole = try reader.number(atMost: 1) == 0
      var last = 0
      var lastKey: UInt64 = 0
      for _ in 0..<number {
        let value: Double
        if areWhole {
          let (next, overflow) = last.addingReportingOverflow(try reader.signed())
          guard !overflow, Self.isWhole(Double(next)) else { throw ByteReader.damaged }
          (value, last) = (Double(next), next)
        } else {
          let (next, overflow) = lastKey.addingReportingOverflow(try reader.number())
          guard !overflow else { throw ByteReader.damaged }
          (value, lastKey) = (Self.value(ofKey: next), next)
        }
        let count = try reader.number()
        // Counts are added up in Int: no file may bring that to overflow.
        guard value.isFinite, entries.last.map({ value > $0.value }) ?? true, count > 0,
          count <= UInt64(1) << 40
        else { throw ByteReader.damaged }
        entries.append(Entry(value: value, count: count))
      }
      guard parts.updateValue(entries, forKey: modality) == nil else { throw ByteReader.damaged }
    }
    guard reader.isAtEnd else { throw ByteReader.damaged }
    self.init(settled: parts)
  }

  /// Whether a value is a whole number that a sample of at most 32 bits can hold.
  private static func isWhole(_ value: Double) -> Bool {
    value.rounded() == value && abs(value) <= 4_294_967_296
  }

  /// Bits of a number in the order of numbers.
  private static func key(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  private static func value(ofKey key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }

  private static func bytes(of transform: ModalityTransform) -> [UInt8] {
    var writer = ByteWriter(bytes: [])
    switch transform {
    case .linear(let slope, let intercept):
      writer.bytes.append(0)
      writer.append(slope)
      writer.append(intercept)
    case .table(let table):
      writer.bytes.append(1)
      writer.append(signed: table.firstMapped)
      writer.append(signed: table.bits)
      writer.append(UInt64(table.entries.count))
      for entry in table.entries { writer.bytes += [UInt8(entry & 0xFF), UInt8(entry >> 8)] }
    }
    return writer.bytes
  }

  private static func transform(from reader: inout ByteReader) throws -> ModalityTransform {
    switch try reader.take(1).first {
    case 0: return .linear(slope: try reader.double(), intercept: try reader.double())
    case 1:
      let firstMapped = try reader.signed()
      let bits = try reader.signed()
      let data = Array(try reader.take(2 * (try reader.number(atMost: 65_536))))
      guard !data.isEmpty, (-65_536...65_535).contains(firstMapped) else {
        throw ByteReader.damaged
      }
      let entries = stride(from: 0, to: data.count, by: 2).map {
        UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8
      }
      return .table(LookupTable(firstMapped: firstMapped, bits: bits, entries: entries))
    default: throw ByteReader.damaged
    }
  }
}

extension ValueHistogram: Codable {
  /// One unkeyed value: `bytes`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(bytes)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(bytes: decoder.singleValueContainer().decode([UInt8].self))
  }
}

private struct ByteWriter {
  var bytes: [UInt8]

  mutating func append(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func append(signed number: Int) {
    append(UInt64(bitPattern: Int64(number << 1 ^ number >> 63)))
  }

  mutating func append(_ number: Double) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
    }
  }
}

private struct ByteReader {
  let bytes: [UInt8]
  private var position = 0

  static let damaged = ImageError(
    .unreadable, "A file of intensity statistics is damaged.",
    remedy: "Delete it and run the same command again: it is measured anew.")

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Self.damaged }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func number() throws -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = try take(1).first else { break }
      guard shift < 63 || byte <= 1 else { break }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw Self.damaged
  }

  mutating func number(atMost limit: Int) throws -> Int {
    let number = try number()
    guard number <= UInt64(limit) else { throw Self.damaged }
    return Int(number)
  }

  mutating func signed() throws -> Int {
    let number = try number()
    return Int(bitPattern: UInt(number >> 1)) ^ -Int(number & 1)
  }

  mutating func double() throws -> Double {
    Double(bitPattern: try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
