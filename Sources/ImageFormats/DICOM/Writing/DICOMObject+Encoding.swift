import Glibc
import MedicalImaging

extension DICOMObject {
  /// The data set in Explicit VR Little Endian (PS3.5 A.2), sequences and items of explicit length.
  ///
  /// - Throws: `damagedHeader` where a value does not fit its VR or its character set.
  func encoded(characterSet inherited: DICOMWrittenCharacterSet = .ascii) throws(ImageError)
    -> [UInt8]
  {
    var out: [UInt8] = []
    let set = try characterSet ?? inherited
    for (tag, element) in elements.sorted(by: { $0.key < $1.key }) {
      let value = try Self.encode(element, set)
      guard element.vr.hasLongLength || value.count <= 0xFFFE else {
        throw Self.unwritable("A value is longer than its representation allows.")
      }
      out.append(little: tag >> 16, 2)
      out.append(little: tag & 0xFFFF, 2)
      out.append(contentsOf: element.vr.rawValue.utf8)
      if element.vr.hasLongLength {
        out.append(little: 0, 2)
        out.append(little: value.count, 4)
      } else {
        out.append(little: value.count, 2)
      }
      out.append(contentsOf: value)
    }
    return out
  }

  /// The character set that the data set itself names; nil where it names none.
  private var characterSet: DICOMWrittenCharacterSet? {
    get throws(ImageError) {
      guard self[.specificCharacterSet] != nil else { return nil }
      guard let set = DICOMWrittenCharacterSet(rawValue: text(.specificCharacterSet)) else {
        throw Self.unwritable("A data set names a character set that is not written.")
      }
      return set
    }
  }

  private static func encode(_ element: Element, _ set: DICOMWrittenCharacterSet) throws(ImageError)
    -> [UInt8]
  {
    let vr = element.vr
    var out: [UInt8] = []
    switch (element.value, vr) {
    case (.items(let items), .sq):
      for item in items {
        let bytes = try item.encoded(characterSet: set)
        out.append(contentsOf: [0xFE, 0xFF, 0x00, 0xE0])
        out.append(little: bytes.count, 4)
        out.append(contentsOf: bytes)
      }
    case (.bytes(let bytes), .ob), (.bytes(let bytes), .ow):
      out = bytes
    case (.integers(let numbers), .is):
      out = Array(numbers.map(String.init).joined(separator: "\\").utf8)
    case (.integers(let numbers), _):
      guard let range = vr.integers, numbers.allSatisfy(range.contains) else {
        throw unwritable("A whole number does not fit its representation.")
      }
      for number in numbers {
        if vr == .at { out.append(little: number >> 16, 2) }
        out.append(little: number, vr == .us || vr == .ss || vr == .at ? 2 : 4)
      }
    case (.decimals(let numbers), .ds):
      for number in numbers {
        if !out.isEmpty { out.append(UInt8(ascii: "\\")) }
        out.append(contentsOf: try decimalString(number).utf8)
      }
    case (.decimals(let numbers), .fd):
      for number in numbers { out.append(little: number.bitPattern, 8) }
    case (.decimals(let numbers), .fl):
      for number in numbers { out.append(little: Float(number).bitPattern, 4) }
    case (.texts(let texts), _) where !vr.isBinary:
      let written = vr.usesCharacterSet ? set : .ascii
      guard let bytes = written.encode(texts.joined(separator: "\\")) else {
        throw unwritable("A text holds a character that its character set cannot write.")
      }
      out = bytes
    default:
      preconditionFailure("\(vr.rawValue) does not take such a value")
    }
    if !out.count.isMultiple(of: 2) { out.append(vr.padding) }
    return out
  }

  /// A Decimal String: the shortest text that gives the number again, or as many digits of it as 16
  /// characters hold (PS3.5 6.2).
  static func decimalString(_ number: Double) throws(ImageError) -> String {
    guard number.isFinite else { throw unwritable("A decimal number is not finite.") }
    var text = number.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    var digits: Int32 = 15
    while text.utf8.count > 16 {
      text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
        let start = buffer.baseAddress!
        _ = unsafe withVaList([digits, number]) { unsafe vsnprintf(start, 40, "%.*g", $0) }
        return unsafe String(cString: start)
      }
      digits -= 1
    }
    return text
  }

  private static func unwritable(_ message: String) -> ImageError {
    ImageError(.damagedHeader, message, remedy: "Mend the value before it is written.")
  }
}

extension DICOMValueRepresentation {
  fileprivate var integers: ClosedRange<Int>? {
    switch self {
    case .us: 0...0xFFFF
    case .ss: -0x8000...0x7FFF
    case .ul, .at: 0...0xFFFF_FFFF
    case .sl: -0x8000_0000...0x7FFF_FFFF
    default: nil
    }
  }

  fileprivate var isBinary: Bool {
    switch self {
    case .at, .fd, .fl, .ob, .ow, .sl, .sq, .ss, .ul, .us: true
    default: false
    }
  }
}

extension [UInt8] {
  /// Appends the low `count` bytes of a number, lowest first.
  mutating func append(little number: some BinaryInteger, _ count: Int) {
    for i in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * i))) }
  }
}
