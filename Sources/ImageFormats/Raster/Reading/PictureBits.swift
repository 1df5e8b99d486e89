/// Samples of odd numbers of bits.
enum PictureBits {
  /// Whether grey of that many bits is spread over 8: 1, 2 and 4 divide 8, so that every value
  /// becomes a whole one.
  static func isSpread(_ bits: Int) -> Bool { bits == 1 || bits == 2 || bits == 4 }

  /// v x 255 / (2^bits - 1), in place: 0 stays 0, the largest becomes 255 (ISO/IEC 15948 13.12).
  static func spread(_ values: inout [UInt8], bits: Int) {
    let factor = UInt8(255 / ((1 << bits) - 1))
    for i in values.indices { values[i] = values[i] &* factor }
  }

  /// Unpacks numbers of 1 to 7 bits, the first in the highest bits of a byte, into one byte each.
  static func unpack(
    _ packed: UnsafePointer<UInt8>, bits: Int, count: Int, into out: UnsafeMutablePointer<UInt8>
  ) {
    let mask = UInt8(1 << bits - 1)
    guard 8 % bits == 0 else {
      var start = 0
      for i in 0..<count {
        let at = start >> 3
        let pair =
          unsafe UInt16(packed[at]) << 8 | (start & 7 + bits > 8 ? UInt16(packed[at + 1]) : 0)
        unsafe out[i] = UInt8(truncatingIfNeeded: pair >> (16 - bits - start & 7)) & mask
        start += bits
      }
      return
    }
    let perByte = 8 / bits
    for i in 0..<count {
      let shift = 8 - bits * (i % perByte + 1)
      unsafe out[i] = packed[i / perByte] >> UInt8(shift) & mask
    }
  }

  /// Unpacks numbers of 9 to 31 bits, highest bits first, into 16 or 32 bits each.
  static func unpack<Number: FixedWidthInteger & UnsignedInteger>(
    _ packed: UnsafePointer<UInt8>, bits: Int, count: Int,
    into out: UnsafeMutablePointer<Number>
  ) {
    var (held, kept, at) = (UInt64(0), 0, 0)
    for i in 0..<count {
      while kept < bits {
        held = unsafe held << 8 | UInt64(packed[at])
        at += 1
        kept += 8
      }
      kept -= bits
      unsafe out[i] = Number(truncatingIfNeeded: held >> UInt64(kept) & (1 << UInt64(bits) - 1))
    }
  }
}
