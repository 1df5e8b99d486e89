/// Which of the three headers a source begins with, and in which byte order.
struct NIfTISignature {
  var kind: NIfTIHeader.Kind
  /// Whether the voxels are in a file of their own.
  var isPair: Bool
  /// Nil where the number of axes is impossible in both orders.
  var isBigEndian: Bool?

  /// How many first bytes are looked at.
  static let headCount = 348

  /// Nil where the head, which is not compressed, is none of the three.
  init?(head: [UInt8]) {
    guard head.count >= Self.headCount else { return nil }
    func word(_ at: Int) -> String? {
      let bytes = head[at..<at + 4]
      return bytes.last == 0 ? String(decoding: bytes.dropLast(), as: UTF8.self) : nil
    }
    // NIfTI-2 first: its own place at 344 is qform_code's.
    switch (word(4), word(344)) {
    case ("n+2", _), ("ni2", _):
      kind = .nifti2
      isPair = word(4) == "ni2"
    case (_, "n+1"), (_, "ni1"):
      kind = .nifti1
      isPair = word(344) == "ni1"
    default:
      kind = .analyze
      isPair = true
    }
    let layout = NIfTILayout.of(kind)
    // "dim[0] should be 1..7; if not, bytes must be swapped" (nifti1.h).
    isBigEndian = [false, true].first {
      (1...7).contains(HeaderNumbers(head, isBigEndian: $0).axis(layout, 0))
    }
    if kind == .analyze {
      // No magic word: the header's length, and an "r" that means nothing else, or else a type of
      // voxels that exists and has as many bits as the header says.
      guard let isBigEndian else { return nil }
      let numbers = HeaderNumbers(head, isBigEndian: isBigEndian)
      guard numbers.integer(at: 0, size: 4) == layout.size else { return nil }
      let voxel = try? NIfTIVoxel(datatype: numbers.integer(at: layout.datatype, size: 2))
      let bits = numbers.integer(at: layout.bitsPerVoxel, size: 2)
      guard head[38] == UInt8(ascii: "r") || voxel.map({ $0.bytes * 8 == bits }) == true else {
        return nil
      }
    }
  }
}

/// Where the fields of a header lie (nifti1.h, nifti2.h; Analyze 7.5 has those of NIfTI-1 that it
/// knows in the same places).
struct NIfTILayout {
  /// sizeof_hdr.
  var size: Int
  /// Bytes of an axis' length, of a fractional number, and of a code.
  var axisSize, realSize, codeSize: Int
  var axes, datatype, bitsPerVoxel, pixelSizes, voxelOffset, slope, intercept, units, intent: Int
  var qformCode, sformCode, quaternion, qformOffset, sform: Int

  static func of(_ kind: NIfTIHeader.Kind) -> NIfTILayout { kind == .nifti2 ? second : first }

  private static let first = NIfTILayout(
    size: 348, axisSize: 2, realSize: 4, codeSize: 2, axes: 40, datatype: 70, bitsPerVoxel: 72,
    pixelSizes: 76, voxelOffset: 108, slope: 112, intercept: 116, units: 123, intent: 68,
    qformCode: 252, sformCode: 254, quaternion: 256, qformOffset: 268, sform: 280)
  private static let second = NIfTILayout(
    size: 540, axisSize: 8, realSize: 8, codeSize: 4, axes: 16, datatype: 12, bitsPerVoxel: 14,
    pixelSizes: 104, voxelOffset: 168, slope: 176, intercept: 184, units: 500, intent: 504,
    qformCode: 344, sformCode: 348, quaternion: 352, qformOffset: 376, sform: 400)
}

/// Numbers of a header in its byte order.
struct HeaderNumbers {
  private let bytes: [UInt8]
  let isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// A signed integer of 1, 2, 4 or 8 bytes.
  func integer(at offset: Int, size: Int) -> Int {
    let unused = 64 - 8 * size
    return Int(truncatingIfNeeded: Int64(bitPattern: pattern(offset, size) << unused) >> unused)
  }

  /// An IEEE 754 number of 4 or 8 bytes.
  func real(at offset: Int, size: Int) -> Double {
    size == 4
      ? Double(Float(bitPattern: UInt32(pattern(offset, 4))))
      : Double(bitPattern: pattern(offset, 8))
  }

  /// dim[index].
  func axis(_ layout: NIfTILayout, _ index: Int) -> Int {
    integer(at: layout.axes + index * layout.axisSize, size: layout.axisSize)
  }

  /// A row of fractional numbers.
  func reals(_ layout: NIfTILayout, at offset: Int, count: Int) -> [Double] {
    (0..<count).map { real(at: offset + $0 * layout.realSize, size: layout.realSize) }
  }

  private func pattern(_ offset: Int, _ size: Int) -> UInt64 {
    let part = bytes[offset..<offset + size]
    return isBigEndian
      ? part.reduce(0) { $0 << 8 | UInt64($1) } : part.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
