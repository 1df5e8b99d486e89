/// What the main header of a JPEG 2000 codestream says (ISO/IEC 15444-1 A), bare or within the boxes
/// of a JP2 file.
struct JPEG2000Stream {
  /// Whether boxes surround the codestream (ISO/IEC 15444-1 I), which DICOM does not allow.
  var isBoxed = false
  var columns = 0
  var rows = 0
  var components = 0
  /// Of the first component.
  var precision = 0
  var isSigned = false
  var tiles = 0
  /// Whether the codestream itself turns three components into luminance and chrominance.
  var hasColorTransform = false
  /// Whether its wavelet is the lossless one.
  var isReversible = false

  /// Nil where the bytes are no such codestream, or end within its main header.
  init?(_ bytes: borrowing Span<UInt8>) {
    func number(_ at: Int, _ size: Int) -> Int {
      var value = 0
      for i in 0..<size { value = value << 8 | Int(bytes[at + i]) }
      return value
    }
    var at = 0
    if bytes.count >= 12, number(4, 4) == 0x6A50_2020 {
      isBoxed = true
      while at + 8 <= bytes.count, number(at + 4, 4) != 0x6A70_3263 {
        var length = number(at, 4)
        if length == 1 && at + 16 <= bytes.count {
          // A length that takes all eight bytes is past the end of anything.
          guard bytes[at + 8] == 0 else { return nil }
          length = number(at + 9, 7)
        }
        guard length >= 8, length <= bytes.count - at else { return nil }
        at += length
      }
      guard at + 16 <= bytes.count else { return nil }
      at += number(at, 4) == 1 ? 16 : 8
    }
    guard at + 42 <= bytes.count, number(at, 4) == 0xFF4F_FF51 else { return nil }
    let size = at + 4
    columns = number(size + 4, 4) - number(size + 12, 4)
    rows = number(size + 8, 4) - number(size + 16, 4)
    let (tileColumns, tileRows) = (number(size + 20, 4), number(size + 24, 4))
    components = number(size + 36, 2)
    let depth = number(size + 38 - 0, 1)
    precision = depth & 0x7F + 1
    isSigned = depth & 0x80 != 0
    guard columns > 0, rows > 0, tileColumns > 0, tileRows > 0, components > 0 else { return nil }
    let across = (number(size + 4, 4) - number(size + 28, 4) + tileColumns - 1) / tileColumns
    let down = (number(size + 8, 4) - number(size + 32, 4) + tileRows - 1) / tileRows
    guard across > 0, down > 0 else { return nil }
    let (product, overflow) = across.multipliedReportingOverflow(by: down)
    guard !overflow else { return nil }
    tiles = product
    at = size + number(size, 2)
    while at + 4 <= bytes.count {
      let marker = number(at, 2)
      if marker == 0xFF90 || marker >> 8 != 0xFF { return }
      if marker == 0xFF52, at + 14 <= bytes.count {
        hasColorTransform = bytes[at + 8] != 0
        isReversible = bytes[at + 13] == 1
      }
      at += 2 + max(number(at + 2, 2), 2)
    }
  }
}
