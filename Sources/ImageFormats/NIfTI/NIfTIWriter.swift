import MedicalImaging

/// Writes single-file NIfTI-1 volumes, little-endian, with sform and, where the axes are at right
/// angles, qform (nifti1.h of the NIfTI-1 standard, methods 2 and 3).
public enum NIfTIWriter {
  /// Voxels with the column index fastest, then row, then slice.
  public enum Voxels: Sendable {
    case uint8([UInt8])
    case int16([Int16])
    /// Numbers that stand for structures: uint8 with the intent NIFTI_INTENT_LABEL.
    case labels([UInt8])

    fileprivate var count: Int {
      switch self {
      case .uint8(let values), .labels(let values): values.count
      case .int16(let values): values.count
      }
    }
  }

  /// The bytes of a .nii file.
  ///
  /// `voxelToPatient` is 4 x 4: (column, row, slice, 1) -> LPS millimetres, centre of the voxel; the
  /// file says the same in RAS.
  ///
  /// - Throws: `unsupportedPixels` where an axis is longer than NIfTI-1 can say (32,767).
  public static func file(
    _ voxels: Voxels, columns: Int, rows: Int, slices: Int, voxelToPatient: [[Double]]
  ) throws(ImageError) -> [UInt8] {
    precondition(columns > 0 && rows > 0 && slices > 0)
    precondition(voxels.count == columns * rows * slices)
    guard max(columns, rows, slices) <= Int(Int16.max) else {
      throw ImageError(
        .unsupportedPixels, "An axis of the volume is longer than NIfTI-1 can say.",
        remedy: "Have it cut into parts.")
    }
    // LPS -> RAS turns the first two axes of the patient.
    let ras = [
      voxelToPatient[0].map { -$0 }, voxelToPatient[1].map { -$0 }, voxelToPatient[2],
    ]
    let axes = (0..<3).map { Vector3(ras[0][$0], ras[1][$0], ras[2][$0]) }
    let sizes = axes.map(\.length)
    let quaternion = Quaternion(axes)

    var header = Header()
    header.put(Int32(348), at: 0)
    for (i, n) in [3, columns, rows, slices, 1, 1, 1, 1].enumerated() {
      header.put(Int16(n), at: 40 + 2 * i)
    }
    let (intent, type, bits): (Int16, Int16, Int16) =
      switch voxels {
      case .uint8: (0, 2, 8)
      case .int16: (0, 4, 16)
      case .labels: (1002, 2, 8)
      }
    header.put(intent, at: 68)
    header.put(type, at: 70)
    header.put(bits, at: 72)
    for (i, size) in ([quaternion?.handedness ?? 1] + sizes).enumerated() {
      header.put(Float(size).bitPattern, at: 76 + 4 * i)
    }
    header.put(Float(352).bitPattern, at: 108)  // where voxels begin
    header.put(Float(1).bitPattern, at: 112)  // slope
    header.put(UInt8(2), at: 123)  // millimetres
    header.put(Int16(quaternion == nil ? 0 : 1), at: 252)
    header.put(Int16(1), at: 254)
    if let quaternion {
      for (i, part) in [quaternion.b, quaternion.c, quaternion.d].enumerated() {
        header.put(Float(part).bitPattern, at: 256 + 4 * i)
      }
    }
    for row in 0..<3 {
      header.put(Float(ras[row][3]).bitPattern, at: 268 + 4 * row)
      for column in 0..<4 {
        header.put(Float(ras[row][column]).bitPattern, at: 280 + 16 * row + 4 * column)
      }
    }
    header.bytes.replaceSubrange(344..<348, with: [0x6E, 0x2B, 0x31, 0])  // "n+1"

    var out = header.bytes
    switch voxels {
    case .uint8(let values), .labels(let values): out += values
    case .int16(let values):
      out.reserveCapacity(out.count + 2 * values.count)
      for value in values {
        out.append(UInt8(truncatingIfNeeded: value))
        out.append(UInt8(truncatingIfNeeded: value >> 8))
      }
    }
    return out
  }

  /// 348 bytes of header and 4 that say that no extension follows.
  private struct Header {
    var bytes = [UInt8](repeating: 0, count: 352)

    mutating func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
      for i in 0..<(Number.bitWidth / 8) {
        bytes[offset + i] = UInt8(truncatingIfNeeded: number >> (8 * i))
      }
    }
  }

  /// A rotation as the header keeps it: a = sqrt(1 - b2 - c2 - d2) >= 0, and the sign of the third
  /// axis apart.
  private struct Quaternion {
    var b, c, d: Double
    /// -1 where the third axis is turned against the cross product of the first two: qfac.
    var handedness: Double

    /// Nil where the axes are not at right angles, which a quaternion cannot say.
    init?(_ axes: [Vector3]) {
      let units = axes.map { $0 * (1 / $0.length) }
      let (x, y) = (units[0], units[1])
      guard abs(x.dot(y)) < 1e-5, abs(x.dot(units[2])) < 1e-5, abs(y.dot(units[2])) < 1e-5 else {
        return nil
      }
      handedness = x.cross(y).dot(units[2]) < 0 ? -1 : 1
      let z = units[2] * handedness
      // Of the four parts the largest is found first, so that nothing is divided by little.
      let squares = [
        1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z,
      ]
      let largest = (0..<4).max { squares[$0] < squares[$1] }!
      let root = squares[largest].squareRoot()
      let half = 0.5 / root
      var a: Double
      switch largest {
      case 0: (a, b, c, d) = (root / 2, (y.z - z.y) * half, (z.x - x.z) * half, (x.y - y.x) * half)
      case 1: (a, b, c, d) = ((y.z - z.y) * half, root / 2, (x.y + y.x) * half, (x.z + z.x) * half)
      case 2: (a, b, c, d) = ((z.x - x.z) * half, (x.y + y.x) * half, root / 2, (y.z + z.y) * half)
      default:
        (a, b, c, d) = ((x.y - y.x) * half, (x.z + z.x) * half, (y.z + z.y) * half, root / 2)
      }
      if a < 0 { (b, c, d) = (-b, -c, -d) }
    }
  }
}
