/// A NIfTI or Analyze file made field by field, for what no sound program writes.
struct NIfTIPhantom {
  enum Kind {
    case nifti1, nifti2, analyze
  }

  var kind = Kind.nifti1
  var isBigEndian = false
  var magic: String? = nil
  var axes = [3, 2, 2]
  /// dim[0]; nil for the number of `axes`.
  var axisCount: Int?
  var datatype = 4
  var bits: Int? = nil
  /// qfac and the sizes.
  var pixelSizes: [Double] = [1, 1, 1, 1, 1]
  var voxelOffset: Double? = nil
  var slope = 1.0
  var intercept = 0.0
  var units = 10
  var qformCode = 0
  var quaternion: [Double] = [0, 0, 0]
  var qformOffset: [Double] = [0, 0, 0]
  var sformCode = 1
  var sform: [[Double]] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
  /// What stands behind the header: the four bytes and any extensions.
  var behind: [UInt8] = [0, 0, 0, 0]
  /// As they stand in the file.
  var voxels: [UInt8] = []

  var header: [UInt8] {
    var out = [UInt8](repeating: 0, count: kind == .nifti2 ? 540 : 348)
    func put(_ pattern: UInt64, _ size: Int, at offset: Int) {
      for i in 0..<size {
        let shift = 8 * (isBigEndian ? size - 1 - i : i)
        out[offset + i] = UInt8(truncatingIfNeeded: pattern >> shift)
      }
    }
    let isSecond = kind == .nifti2
    func integer(_ number: Int, _ size: Int, at offset: Int) {
      put(UInt64(bitPattern: Int64(number)), size, at: offset)
    }
    func real(_ number: Double, at offset: Int) {
      isSecond
        ? put(number.bitPattern, 8, at: offset)
        : put(UInt64(Float(number).bitPattern), 4, at: offset)
    }
    let wide = isSecond ? 8 : 4
    integer(out.count, 4, at: 0)
    for (i, axis) in ([axisCount ?? axes.count] + axes).enumerated() {
      isSecond ? integer(axis, 8, at: 16 + 8 * i) : integer(axis, 2, at: 40 + 2 * i)
    }
    integer(datatype, 2, at: isSecond ? 12 : 70)
    integer(
      bits ?? [2: 8, 4: 16, 16: 32, 64: 64, 128: 24][datatype] ?? 0, 2, at: isSecond ? 14 : 72)
    for (i, size) in pixelSizes.enumerated() { real(size, at: (isSecond ? 104 : 76) + wide * i) }
    let start = voxelOffset ?? Double(kind == .analyze ? 0 : out.count + behind.count)
    isSecond ? integer(Int(start), 8, at: 168) : real(start, at: 108)
    real(slope, at: isSecond ? 176 : 112)
    real(intercept, at: isSecond ? 184 : 116)
    if kind == .analyze {
      out[38] = UInt8(ascii: "r")
      return out
    }
    integer(units, isSecond ? 4 : 1, at: isSecond ? 500 : 123)
    integer(qformCode, isSecond ? 4 : 2, at: isSecond ? 344 : 252)
    integer(sformCode, isSecond ? 4 : 2, at: isSecond ? 348 : 254)
    for i in 0..<3 {
      real(quaternion[i], at: (isSecond ? 352 : 256) + wide * i)
      real(qformOffset[i], at: (isSecond ? 376 : 268) + wide * i)
      for j in 0..<4 { real(sform[i][j], at: (isSecond ? 400 : 280) + wide * (4 * i + j)) }
    }
    let word = Array((magic ?? (isSecond ? "n+2" : "n+1")).utf8)
    out.replaceSubrange(isSecond ? 4..<7 : 344..<347, with: word)
    if isSecond { out.replaceSubrange(8..<12, with: [0x0D, 0x0A, 0x1A, 0x0A]) }
    return out
  }

  /// Header, what stands behind it, and voxels.
  var file: [UInt8] { header + behind + voxels }

  /// 3 x 2 x 2 voxels of int16, 0 to 11, little-endian.
  static let counting: NIfTIPhantom = {
    var phantom = NIfTIPhantom()
    phantom.voxels = (0..<12).flatMap { [UInt8($0), 0] }
    return phantom
  }()
}
