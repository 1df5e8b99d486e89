import MedicalImaging

/// Voxels of one byte, of which a volume of shown greys is made: eight at a time.
extension VoxelWalk {
  /// Whether neighbours of the source become neighbours in a column, or in another section, so that blocks
  /// of 8 x 8 can be turned as a whole.
  var turnsBlocks: Bool { abs(across) != 1 && (abs(down) == 1 || abs(through) == 1) }

  /// The voxels in the order of the sections, by blocks of eight columns and eight neighbours in the
  /// source; what is left at the edges one by one.
  func turned(_ bytes: [UInt8]) -> [UInt8] {
    let count = columns * rows * sections
    // Of each plane of blocks: how many neighbours, where they go, and how many such planes there are.
    let isSection = abs(through) == 1
    let (near, nearStep, nearOut) =
      isSection ? (sections, through, rows * columns) : (rows, down, columns)
    let (far, farStep, farOut) =
      isSection ? (rows, down, columns) : (sections, through, rows * columns)
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, used in
      unsafe bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(out)
        unsafe LargeMemory.prepare(target)
        for f in 0..<far {
          let (from, to) = (start + f * farStep, f * farOut)
          var n = 0
          while n + 8 <= near {
            var c = 0
            while c + 8 <= columns {
              unsafe turn(
                source, from + n * nearStep + c * across, nearStep, target,
                to + n * nearOut + c, nearOut)
              c += 8
            }
            for c in c..<columns {
              for k in n..<n + 8 {
                unsafe target[to + k * nearOut + c] = source[from + k * nearStep + c * across]
              }
            }
            n += 8
          }
          for n in n..<near {
            for c in 0..<columns {
              unsafe target[to + n * nearOut + c] = source[from + n * nearStep + c * across]
            }
          }
        }
      }
      used = count
    }
  }

  /// A block of eight columns with eight neighbours each, transposed in three steps of swaps (Hacker's
  /// Delight, 7-3).
  @inline(__always)
  private func turn(
    _ source: UnsafeRawBufferPointer, _ from: Int, _ step: Int,
    _ target: UnsafeMutableRawBufferPointer, _ to: Int, _ outStep: Int
  ) {
    @inline(__always) func load(_ column: Int) -> UInt64 {
      let first = from + column * across
      // Neighbours that run backwards begin seven bytes before the first.
      guard step < 0 else {
        return unsafe UInt64(
          littleEndian: source.loadUnaligned(fromByteOffset: first, as: UInt64.self))
      }
      return unsafe UInt64(
        bigEndian: source.loadUnaligned(fromByteOffset: first - 7, as: UInt64.self))
    }
    @inline(__always) func swap(
      _ a: inout UInt64, _ b: inout UInt64, _ bits: UInt64, _ mask: UInt64
    ) {
      let t = ((a >> bits) ^ b) & mask
      a ^= t << bits
      b ^= t
    }
    var (a, b, c, d) = (load(0), load(1), load(2), load(3))
    var (e, f, g, h) = (load(4), load(5), load(6), load(7))
    let (fours, twos, ones): (UInt64, UInt64, UInt64) = (
      0x0000_0000_FFFF_FFFF, 0x0000_FFFF_0000_FFFF, 0x00FF_00FF_00FF_00FF
    )
    swap(&a, &e, 32, fours)
    swap(&b, &f, 32, fours)
    swap(&c, &g, 32, fours)
    swap(&d, &h, 32, fours)
    swap(&a, &c, 16, twos)
    swap(&b, &d, 16, twos)
    swap(&e, &g, 16, twos)
    swap(&f, &h, 16, twos)
    swap(&a, &b, 8, ones)
    swap(&c, &d, 8, ones)
    swap(&e, &f, 8, ones)
    swap(&g, &h, 8, ones)
    @inline(__always) func store(_ value: UInt64, _ row: Int) {
      unsafe target.storeBytes(
        of: value.littleEndian, toByteOffset: to + row * outStep, as: UInt64.self)
    }
    store(a, 0)
    store(b, 1)
    store(c, 2)
    store(d, 3)
    store(e, 4)
    store(f, 5)
    store(g, 6)
    store(h, 7)
  }
}
