/// How the first bytes of DICOM look, with and without a preamble.
enum DICOMSignature {
  /// Bytes that suffice to recognise a source.
  static let headLength = 1024

  /// VRs with a length of four bytes behind two reserved ones (PS3.5 7.1.2).
  static let longRepresentations: Set<String> = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
  ]
  static let valueRepresentations: Set<String> = longRepresentations.union([
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS",
    "ST", "TM", "UI", "UL", "US",
  ])

  static func hasPreamble(_ head: [UInt8]) -> Bool {
    head.count >= 132 && head[128..<132].elementsEqual("DICM".utf8)
  }

  /// How a data set is written, from its first element's eight bytes; nil where there are fewer.
  static func encoding(of head: [UInt8]) -> TransferSyntax.Encoding? {
    guard head.count >= 8 else { return nil }
    // Data sets begin with a low group, so the order of bytes that makes it lower is the right one.
    let isBig = head[0] < head[1]
    let vr = DICOMText.latin1(Array(head[4..<6]))
    if valueRepresentations.contains(vr) { return isBig ? .explicitBig : .explicitLittle }
    return isBig ? .implicitBig : .implicitLittle
  }

  /// How a source without preamble is written, where its first two elements look like DICOM's
  /// groups 0002 or 0008 (ACR-NEMA 2.0 began so too); nil where they do not.
  static func plausibleStart(_ head: [UInt8], at start: Int) -> TransferSyntax.Encoding? {
    guard let encoding = encoding(of: Array(head.dropFirst(start).prefix(8))),
      let first = Element(head, at: start, encoding), first.group == 2 || first.group == 8,
      first.element <= 0x0080, first.isShort,
      let second = Element(head, at: first.end, encoding), second.follows(first)
    else { return nil }
    return encoding
  }

  private struct Element {
    var group, element, length, end: Int
    var isLong: Bool

    init?(_ head: [UInt8], at start: Int, _ encoding: TransferSyntax.Encoding) {
      func number(_ at: Int, _ size: Int) -> Int? {
        guard at >= 0, at + size <= head.count else { return nil }
        let bytes = head[at..<at + size]
        return encoding.isBigEndian
          ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      guard let group = number(start, 2), let element = number(start + 2, 2),
        start + 8 <= head.count
      else { return nil }
      self.group = group
      self.element = element
      let vr = DICOMText.latin1(Array(head[start + 4..<start + 6]))
      if encoding.isExplicit {
        guard valueRepresentations.contains(vr) else { return nil }
        isLong = longRepresentations.contains(vr)
        guard let length = isLong ? number(start + 8, 4) : number(start + 6, 2) else { return nil }
        self.length = length
        end = start + (isLong ? 12 : 8) + length
      } else {
        guard let length = number(start + 4, 4) else { return nil }
        isLong = false
        self.length = length
        end = start + 8 + length
      }
    }

    /// Group lengths are four bytes; nothing else at the start of a header is long.
    var isShort: Bool { element == 0 ? length == 4 : length <= 512 }

    func follows(_ other: Element) -> Bool {
      (group, element) > (other.group, other.element) && group <= 0x7FE0
        && (length <= 0x10000 || length == 0xFFFF_FFFF)
    }
  }
}
