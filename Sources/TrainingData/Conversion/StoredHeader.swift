import FoundationEssentials
import MedicalImaging

/// A header as it passes between processes and lies in the private folder: see `StoredFields`.
enum StoredHeader {
  static func encode(_ header: InstanceHeader) -> [UInt8] { StoredFields.encode(header) }

  /// Throws `.unreadable` where the bytes are not what this version writes.
  static func decode(_ stored: some Collection<UInt8>) throws(ImageError) -> InstanceHeader {
    try StoredFields.decode(InstanceHeader.self, stored)
  }
}

/// A value whose fields are named once, for both directions.
protocol FieldCoded {
  /// What is read into.
  static var blank: Self { get }

  mutating func code(_ coder: inout FieldCoder) throws(ImageError)
}

/// Every field in one order, as bytes, in Base64 so that it fits in a line.
///
/// JSON took a fifth of a whole conversion.
enum StoredFields {
  static func encode(_ value: some FieldCoded) -> [UInt8] {
    [UInt8](Data(bytes(value)).base64EncodedData())
  }

  /// Throws `.unreadable` where the bytes are not what this version writes.
  static func decode<T: FieldCoded>(_ type: T.Type, _ stored: some Collection<UInt8>)
    throws(ImageError) -> T
  {
    guard let data = Data(base64Encoded: Data(stored)) else { throw FieldCoder.damaged }
    return try read(type, [UInt8](data))
  }

  /// The same without Base64.
  static func bytes(_ value: some FieldCoded) -> [UInt8] {
    var coder = FieldCoder()
    var value = value
    // Writing reads nothing, so nothing can be damaged.
    try? value.code(&coder)
    return coder.bytes
  }

  static func read<T: FieldCoded>(_ type: T.Type, _ bytes: [UInt8]) throws(ImageError) -> T {
    var coder = FieldCoder(reading: bytes)
    var value = T.blank
    try value.code(&coder)
    return value
  }
}

/// Writes fields, or reads them in the same order.
struct FieldCoder {
  private(set) var bytes: [UInt8]
  private let isReading: Bool
  private var position = 0

  static let damaged = ImageError(
    .unreadable, "The state of the conversion was written by another version, or is damaged.",
    remedy: "Choose a new --out.")

  init() {
    bytes = []
    isReading = false
  }

  init(reading bytes: [UInt8]) {
    self.bytes = bytes
    isReading = true
  }

  /// Seven bits a byte, the sign in the lowest bit.
  mutating func field(_ value: inout Int) throws(ImageError) {
    if isReading {
      var word: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = try next()
        guard shift < 64 else { throw Self.damaged }
        word |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      value = Int(bitPattern: UInt(word >> 1)) ^ -Int(bitPattern: UInt(word & 1))
    } else {
      var word = UInt64(bitPattern: Int64(value &<< 1 ^ value >> 63))
      while word >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: word) | 0x80)
        word >>= 7
      }
      bytes.append(UInt8(word))
    }
  }

  mutating func field(_ value: inout Bool) throws(ImageError) {
    var number = value ? 1 : 0
    try field(&number)
    value = number != 0
  }

  mutating func field(_ value: inout Double) throws(ImageError) {
    var bits = value.bitPattern
    for index in 0..<8 {
      if isReading {
        let byte = UInt64(try next())
        bits = index == 0 ? byte : bits | byte << UInt64(8 * index)
      } else {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)))
      }
    }
    value = Double(bitPattern: bits)
  }

  mutating func field(_ value: inout String) throws(ImageError) {
    var count = value.utf8.count
    try field(&count)
    if isReading {
      guard count >= 0, count <= bytes.count - position else { throw Self.damaged }
      value = String(decoding: bytes[position..<position + count], as: UTF8.self)
      position += count
    } else {
      bytes += value.utf8
    }
  }

  mutating func field(_ value: inout [UInt8]) throws(ImageError) {
    var count = value.count
    try field(&count)
    if isReading {
      guard count >= 0, count <= bytes.count - position else { throw Self.damaged }
      value = Array(bytes[position..<position + count])
      position += count
    } else {
      bytes += value
    }
  }

  mutating func field<T: RawRepresentable<String>>(_ value: inout T) throws(ImageError) {
    var text = value.rawValue
    try field(&text)
    guard let read = T(rawValue: text) else { throw Self.damaged }
    value = read
  }

  /// Nothing, or a value; `blank` is what is read into.
  mutating func field<T>(
    _ value: inout T?, blank: T, _ code: (inout T, inout FieldCoder) throws(ImageError) -> Void
  ) throws(ImageError) {
    var isThere = value != nil
    try field(&isThere)
    guard isThere else {
      value = nil
      return
    }
    var content = value ?? blank
    try code(&content, &self)
    value = content
  }

  mutating func field<T>(
    _ values: inout [T], blank: T, _ code: (inout T, inout FieldCoder) throws(ImageError) -> Void
  ) throws(ImageError) {
    var count = values.count
    try field(&count)
    if isReading {
      // Every element takes a byte at least: more than there are is damage, not memory to take.
      guard count >= 0, count <= bytes.count - position else { throw Self.damaged }
      values = Array(repeating: blank, count: count)
    }
    for index in values.indices { try code(&values[index], &self) }
  }

  mutating func field(_ value: inout Int?) throws(ImageError) {
    try field(&value, blank: 0) { number, coder throws(ImageError) in try coder.field(&number) }
  }

  mutating func field(_ value: inout Double?) throws(ImageError) {
    try field(&value, blank: 0) { number, coder throws(ImageError) in try coder.field(&number) }
  }

  mutating func field(_ values: inout [String]) throws(ImageError) {
    try field(&values, blank: "") { text, coder throws(ImageError) in try coder.field(&text) }
  }

  private mutating func next() throws(ImageError) -> UInt8 {
    guard position < bytes.count else { throw Self.damaged }
    position += 1
    return bytes[position - 1]
  }
}
