import MedicalImaging

/// Writes whole NIfTI-1 volumes out of memory; `NIfTIVolume` says what stands before their voxels.
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
    precondition(voxels.count == columns * rows * slices)
    var volume = NIfTIVolume(columns: columns, rows: rows, slices: slices, voxel: .init(.uint8))
    let axes = (0..<4).map { axis in
      Vector3(voxelToPatient[0][axis], voxelToPatient[1][axis], voxelToPatient[2][axis])
    }
    volume.geometry = VoxelGeometry(
      position: axes[3], alongColumns: axes[0], alongRows: axes[1], alongSlices: axes[2])
    switch voxels {
    case .uint8: break
    case .int16: volume.voxel = NIfTIVoxel(.int16)
    case .labels: volume.isLabels = true
    }
    var out = try volume.header()
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
}
