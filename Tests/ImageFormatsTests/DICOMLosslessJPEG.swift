/// Lossless JPEG of one component, first-order prediction, written here so that its samples are
/// known: process 14, selection value 1 (ISO/IEC 10918-1 H).
enum LosslessJPEG {
  static func encode(_ samples: [Int], columns: Int, rows: Int, precision: Int) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    var out: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC3] + word(11) + [UInt8(precision)]
    out += word(rows) + word(columns) + [1, 1, 0x11, 0]
    // All 17 categories have codes of five bits, in order: 0 is 00000, 16 is 10000.
    let lengths: [UInt8] = [0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    out += [0xFF, 0xC4] + word(19 + 17) + [0] + lengths + (0...16).map { UInt8($0) }
    out += [0xFF, 0xDA] + word(8) + [1, 1, 0, 1, 0, 0]
    var bits: [UInt8] = []
    func put(_ value: Int, _ count: Int) {
      for i in (0..<count).reversed() { bits.append(UInt8(value >> i & 1)) }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let at = row * columns + column
        // H.1.2.1: the first sample from the middle, a row's first from above, others from the left.
        let prediction =
          column > 0
          ? samples[at - 1] : row > 0 ? samples[at - columns] : 1 << (precision - 1)
        var difference = (samples[at] - prediction) & 0xFFFF
        if difference > 32768 { difference -= 65536 }
        let category = Int.bitWidth - abs(difference).leadingZeroBitCount
        put(category, 5)
        if category > 0 && category < 16 {
          put(difference > 0 ? difference : difference + (1 << category) - 1, category)
        }
      }
    }
    while bits.count % 8 != 0 { bits.append(1) }
    for i in stride(from: 0, to: bits.count, by: 8) {
      let byte = bits[i..<i + 8].reduce(0) { $0 << 1 | $1 }
      out.append(byte)
      if byte == 0xFF { out.append(0) }
    }
    return out + [0xFF, 0xD9]
  }
}
