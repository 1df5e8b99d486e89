import MedicalImaging

/// What a single-file NIfTI-1 volume says of its voxels, as it is written (nifti1.h of the NIfTI-1
/// standard): little-endian, with sform and, where the axes are at right angles, qform.
public struct NIfTIVolume: Codable, Hashable, Sendable {
  /// Lengths of the axes in voxels; of the fourth one, in volumes.
  public var columns, rows, slices, volumes: Int
  public var voxel: NIfTIVoxel
  /// Where the voxels lie, in the order of the file; nil where nobody knows: both codes are 0 then.
  public var geometry: VoxelGeometry?
  /// Used where there is no geometry; nil where it is not known either, and 1 is written, without a
  /// unit.
  public var spacing: VoxelSpacing?
  /// Seconds from one volume to the next; nil where that is not known.
  public var timeStep: Double?
  /// scl_slope and scl_inter: stored value * slope + intercept.
  public var slope = 1.0
  public var intercept = 0.0
  /// Whether the numbers stand for structures: NIFTI_INTENT_LABEL.
  public var isLabels = false

  public init(columns: Int, rows: Int, slices: Int, volumes: Int = 1, voxel: NIfTIVoxel) {
    precondition(columns > 0 && rows > 0 && slices > 0 && volumes > 0)
    self.columns = columns
    self.rows = rows
    self.slices = slices
    self.volumes = volumes
    self.voxel = voxel
  }

  /// Where the first voxel lies in the file: behind 348 bytes of header and 4 that say that no
  /// extension follows.
  public static let voxelOffset = 352

  /// Bytes of a slice in the file.
  public var bytesPerSlice: Int { columns * rows * voxel.bytes }
  /// Bytes of all voxels.
  public var voxelBytes: Int { bytesPerSlice * slices * volumes }

  /// Whether the qform says where the voxels lie: its axes can only be at right angles.
  public var hasQform: Bool { quaternion != nil }

  private var quaternion: NIfTIQuaternion? {
    geometry.flatMap { place in
      // LPS -> RAS turns the first two axes of the patient.
      NIfTIQuaternion(
        [place.alongColumns, place.alongRows, place.alongSlices].map { Vector3(-$0.x, -$0.y, $0.z) }
      )
    }
  }

  /// The first 352 bytes of the file.
  ///
  /// - Throws: `unsupportedPixels` where an axis is longer than NIfTI-1 can say (32,767).
  public func header() throws(ImageError) -> [UInt8] {
    guard max(columns, rows, slices, volumes) <= Int(Int16.max) else {
      throw ImageError(
        .unsupportedPixels, "An axis of the volume is longer than NIfTI-1 can say.",
        remedy: "Have it cut into parts.")
    }
    let quaternion = quaternion
    var header = Bytes()
    header.put(Int32(348), at: 0)
    let axes = [volumes > 1 ? 4 : 3, columns, rows, slices, volumes, 1, 1, 1]
    for (i, length) in axes.enumerated() { header.put(Int16(length), at: 40 + 2 * i) }
    header.put(Int16(isLabels ? 1002 : 0), at: 68)
    header.put(Int16(voxel.datatype), at: 70)
    header.put(Int16(voxel.bytes * 8), at: 72)
    let sizes = geometry?.spacing ?? spacing
    let pixdim = [
      quaternion?.handedness ?? 1, sizes?.betweenColumns ?? 1, sizes?.betweenRows ?? 1,
      sizes?.betweenSlices ?? 1, timeStep ?? 0,
    ]
    for (i, size) in pixdim.enumerated() { header.put(Float(size).bitPattern, at: 76 + 4 * i) }
    header.put(Float(Self.voxelOffset).bitPattern, at: 108)
    header.put(Float(slope).bitPattern, at: 112)
    header.put(Float(intercept).bitPattern, at: 116)
    // NIFTI_UNITS_MM, NIFTI_UNITS_SEC.
    header.put(UInt8(sizes == nil ? 0 : 2) | UInt8(timeStep == nil ? 0 : 8), at: 123)
    if let geometry { header.put(geometry, quaternion) }
    header.bytes.replaceSubrange(344..<348, with: [0x6E, 0x2B, 0x31, 0])  // "n+1"
    return header.bytes
  }

  private struct Bytes {
    var bytes = [UInt8](repeating: 0, count: NIfTIVolume.voxelOffset)

    mutating func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
      for i in 0..<(Number.bitWidth / 8) {
        bytes[offset + i] = UInt8(truncatingIfNeeded: number >> (8 * i))
      }
    }

    /// Both forms, in RAS: NIFTI_XFORM_SCANNER_ANAT.
    mutating func put(_ geometry: VoxelGeometry, _ quaternion: NIfTIQuaternion?) {
      let lps = geometry.voxelToPatient
      let ras = [lps[0].map { -$0 }, lps[1].map { -$0 }, lps[2]]
      put(Int16(quaternion == nil ? 0 : 1), at: 252)
      put(Int16(1), at: 254)
      if let quaternion {
        for (i, part) in [quaternion.b, quaternion.c, quaternion.d].enumerated() {
          put(Float(part).bitPattern, at: 256 + 4 * i)
        }
      }
      for row in 0..<3 {
        put(Float(ras[row][3]).bitPattern, at: 268 + 4 * row)
        for column in 0..<4 {
          put(Float(ras[row][column]).bitPattern, at: 280 + 16 * row + 4 * column)
        }
      }
    }
  }
}
