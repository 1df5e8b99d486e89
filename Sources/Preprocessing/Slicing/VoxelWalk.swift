import MedicalImaging

/// In which order voxels of a volume become pixels of sections: where the first lies, and how far it is
/// to the next column, row and section, in voxels.
struct VoxelWalk {
  let start: Int
  let across, down, through: Int
  let columns, rows, sections: Int

  /// The voxels in the order of the sections; each has `voxelBytes`.
  func gathered(_ bytes: [UInt8], voxelBytes: Int) -> [UInt8] {
    if abs(across) == 1 { return rowByRow(bytes, voxelBytes) }
    switch voxelBytes {
    case 1 where turnsBlocks: return turned(bytes)
    case 1: return gather(bytes, UInt8.self)
    case 2: return gather(bytes, UInt16.self)
    case 3: return gather(bytes, InlineArray<3, UInt8>.self)
    case 4: return gather(bytes, UInt32.self)
    case 8: return gather(bytes, UInt64.self)
    default: return gatherBytes(bytes, voxelBytes)
    }
  }

  /// Rows of the source that stay rows: copied, or turned back to front.
  private func rowByRow(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    let count = columns * rows * sections * size
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, used in
      unsafe bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(out)
        unsafe LargeMemory.prepare(target)
        for s in 0..<sections {
          for r in 0..<rows {
            let from = start + s * through + r * down
            let to = (s * rows + r) * columns
            let row = unsafe UnsafeMutableRawBufferPointer(
              rebasing: target[to * size..<(to + columns) * size])
            let first = across > 0 ? from : from - columns + 1
            let pixels = unsafe UnsafeRawBufferPointer(
              rebasing: source[first * size..<(first + columns) * size])
            unsafe across > 0 ? row.copyMemory(from: pixels) : Self.reverse(pixels, size, into: row)
          }
        }
      }
      used = count
    }
  }

  private static func reverse(
    _ pixels: UnsafeRawBufferPointer, _ size: Int, into row: UnsafeMutableRawBufferPointer
  ) {
    func reverse<Voxel: BitwiseCopyable>(_ type: Voxel.Type) {
      let size = MemoryLayout<Voxel>.size
      let last = pixels.count - size
      // Offsets cannot overflow: a check would keep this from becoming vector code.
      for i in stride(from: 0, through: last, by: size) {
        let voxel = unsafe pixels.loadUnaligned(fromByteOffset: last &- i, as: type)
        unsafe row.storeBytes(of: voxel, toByteOffset: i, as: type)
      }
    }
    switch size {
    case 1: reverse(UInt8.self)
    case 2: reverse(UInt16.self)
    case 4: reverse(UInt32.self)
    case 8: reverse(UInt64.self)
    default:
      for i in stride(from: 0, to: pixels.count, by: size) {
        for k in 0..<size { unsafe row[i + k] = pixels[pixels.count - size - i + k] }
      }
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
        unsafe LargeMemory.prepare(target)
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
