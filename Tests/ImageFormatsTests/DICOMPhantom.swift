import ImageFormats
import MedicalImaging
import TestSupport

/// A DICOM file built element by element, so that a test says what is in it.
struct DICOMPhantom {
  enum Value {
    case text(String)
    case bytes([UInt8])
    case words([Int])
    case items([DICOMPhantom])
    case doubles([Double])
  }

  var encoding = TransferSyntax.Encoding.explicitLittle
  var elements: [UInt32: (vr: String, value: Value)] = [:]

  init() {}

  /// A 16-bit grey image of 2 columns and 2 rows, stored values 1, 2, 3, 4.
  static func grey() -> DICOMPhantom {
    var phantom = DICOMPhantom()
    phantom[0x0008_0016] = ("UI", .text("1.2.840.10008.5.1.4.1.1.2"))
    phantom[0x0008_0018] = ("UI", .text("1.2.3.4"))
    phantom[0x0008_0060] = ("CS", .text("CT"))
    phantom[0x0028_0002] = ("US", .words([1]))
    phantom[0x0028_0004] = ("CS", .text("MONOCHROME2"))
    phantom[0x0028_0010] = ("US", .words([2]))
    phantom[0x0028_0011] = ("US", .words([2]))
    phantom[0x0028_0100] = ("US", .words([16]))
    phantom[0x0028_0101] = ("US", .words([16]))
    phantom[0x0028_0102] = ("US", .words([15]))
    phantom[0x0028_0103] = ("US", .words([0]))
    phantom[0x7FE0_0010] = ("OW", .words([1, 2, 3, 4]))
    return phantom
  }

  subscript(tag: UInt32) -> (vr: String, value: Value)? {
    get { elements[tag] }
    set { elements[tag] = newValue }
  }

  mutating func set(_ tag: UInt32, _ vr: String, _ text: String) { self[tag] = (vr, .text(text)) }
  mutating func set(_ tag: UInt32, _ vr: String, _ words: [Int]) { self[tag] = (vr, .words(words)) }

  /// The data set alone.
  var dataSet: [UInt8] {
    elements.sorted { $0.key < $1.key }.flatMap { tag, element in
      self.element(tag, element.vr, valueBytes(element.value))
    }
  }

  /// Preamble, meta header naming `syntax`, data set.
  func file(_ syntax: String = "1.2.840.10008.1.2.1", dataSet: [UInt8]? = nil) -> [UInt8] {
    var meta = DICOMPhantom()
    meta.set(0x0002_0010, "UI", syntax)
    if case .text(let uid)? = self[0x0008_0016]?.value { meta.set(0x0002_0002, "UI", uid) }
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta.dataSet
      + (dataSet ?? self.dataSet)
  }

  /// The file with its pixel data in fragments, an offset table before them.
  func file(_ syntax: String, offsets: [Int] = [], fragments: [[UInt8]], ended: Bool = true)
    -> [UInt8]
  {
    var plain = self
    plain[0x7FE0_0010] = nil
    var out = plain.dataSet + [0xE0, 0x7F, 0x10, 0x00] + Array("OB".utf8) + [0, 0]
    out += [0xFF, 0xFF, 0xFF, 0xFF]
    let table = offsets.flatMap { number($0, 4) }
    for item in [table] + fragments {
      let even = item.count % 2 == 0 ? item : item + [0]
      out += [0xFE, 0xFF, 0x00, 0xE0] + number(even.count, 4) + even
    }
    if ended { out += [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0] }
    return file(syntax, dataSet: out)
  }

  func header(_ syntax: String = "1.2.840.10008.1.2.1") throws -> InstanceHeader {
    try Self.header(file(syntax))
  }

  static func header(_ file: [UInt8]) throws -> InstanceHeader {
    guard case .image(let header) = try DICOMReader.read(SourceBytes(file)) else {
      throw ImageError(.notMedical, "The phantom is no image.")
    }
    return header
  }

  static func decode(_ file: [UInt8], frame: Int = 0, memoryLimit: Int = 1 << 30) throws
    -> DecodedFrame
  {
    try FrameDecoder(header: header(file), bytes: SourceBytes(file), memoryLimit: memoryLimit)
      .decode(frame: frame)
  }

  func number(_ value: Int, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return encoding.isBigEndian ? little.reversed() : little
  }

  private func valueBytes(_ value: Value) -> [UInt8] {
    switch value {
    case .text(let text): return Array(text.utf8)
    case .bytes(let bytes): return bytes
    case .words(let words): return words.flatMap { number($0, 2) }
    case .doubles(let values):
      return values.flatMap { number(Int(bitPattern: UInt($0.bitPattern)), 8) }
    case .items(let items):
      return items.flatMap { item in
        var item = item
        item.encoding = encoding
        let bytes = item.dataSet
        return number(0xFFFE, 2) + number(0xE000, 2) + number(bytes.count, 4) + bytes
      }
    }
  }

  private func element(_ tag: UInt32, _ vr: String, _ value: [UInt8]) -> [UInt8] {
    let padded = value.count % 2 == 0 ? value : value + [vr == "UI" || vr == "OB" ? 0 : 0x20]
    let head = number(Int(tag >> 16), 2) + number(Int(tag & 0xFFFF), 2)
    guard encoding.isExplicit else { return head + number(padded.count, 4) + padded }
    let isLong = ["OB", "OD", "OF", "OV", "OW", "SQ", "UN", "UT"].contains(vr)
    return head + Array(vr.utf8)
      + (isLong ? [0, 0] + number(padded.count, 4) : number(padded.count, 2)) + padded
  }
}

extension StoredPlane {
  /// The samples as numbers.
  var values: [Int] {
    switch sample {
    case .uint8: bytes.map(Int.init)
    case .int8: bytes.map { Int(Int8(bitPattern: $0)) }
    case .uint32, .int32:
      stride(from: 0, to: bytes.count, by: 4).map { i in
        let long = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
        return sample == .int32 ? Int(Int32(bitPattern: long)) : Int(long)
      }
    case .uint64, .int64, .float32, .float64: preconditionFailure("not met here")
    case .uint16, .int16:
      stride(from: 0, to: bytes.count, by: 2).map { i in
        let word = UInt16(bytes[i]) | UInt16(bytes[i + 1]) << 8
        return sample == .int16 ? Int(Int16(bitPattern: word)) : Int(word)
      }
    }
  }
}
