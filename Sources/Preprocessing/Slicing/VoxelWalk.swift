/// In which order voxels of a volume become pixels of sections: where the first lies, and how far it is
/// to the next column, row and section, in voxels.
struct VoxelWalk {
  let start: Int
  let across, down, through: Int
  let columns, rows, sections: Int

  /// The voxels in the order of the sections; each has `voxelBytes`.
  func gathered(_ bytes: [UInt8], voxelBytes: Int) -> [UInt8] {
    switch voxelBytes {
    case 1: gather(bytes, UInt8.self)
    case 2: gather(bytes, UInt16.self)
    case 3: gather(bytes, InlineArray<3, UInt8>.self)
    case 4: gather(bytes, UInt32.self)
    case 8: gather(bytes, UInt64.self)
    default: gatherBytes(bytes, voxelBytes)
    }
  }

  /// Columns and sections of a block: few enough that what is read and written of it stays near.
  private static let blockColumns = 64
  private static let blockSections = 16

  /// `Voxel` is a voxel's bytes: its size is known to the compiler, so that a move is one load and one
  /// store.
  private func gather<Voxel: BitwiseCopyable>(_ bytes: [UInt8], _ type: Voxel.Type) -> [UInt8] {
    let size = MemoryLayout<Voxel>.size
    let count = columns * rows * sections * size
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, used in
      unsafe bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(out)
        func move(_ from: Int, _ to: Int) {
          let voxel = unsafe source.loadUnaligned(fromByteOffset: from * size, as: type)
          unsafe target.storeBytes(of: voxel, toByteOffset: to * size, as: type)
        }
        for section in stride(from: 0, to: sections, by: Self.blockSections) {
          let lastSection = min(section + Self.blockSections, sections)
          for row in 0..<rows {
            for column in stride(from: 0, to: columns, by: Self.blockColumns) {
              let lastColumn = min(column + Self.blockColumns, columns)
              for s in section..<lastSection {
                var from = start + s * through + row * down + column * across
                let to = (s * rows + row) * columns
                for c in column..<lastColumn {
                  move(from, to + c)
                  from += across
                }
              }
            }
          }
        }
      }
      used = count
    }
  }

  /// For voxels of a size that none of the others has.
  private func gatherBytes(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    var gathered: [UInt8] = []
    gathered.reserveCapacity(columns * rows * sections * size)
    for section in 0..<sections {
      for row in 0..<rows {
        for column in 0..<columns {
          let from = (start + section * through + row * down + column * across) * size
          gathered += bytes[from..<from + size]
        }
      }
    }
    return gathered
  }
}
