extension PlaneOrientation {
  /// A stored plane upright, pixel by pixel.
  public func applied(to plane: consuming StoredPlane) -> StoredPlane {
    guard self != .upright else { return plane }
    plane.bytes = turned(
      plane.bytes, columns: plane.columns, rows: plane.rows,
      pixelBytes: plane.samplesPerPixel * plane.sample.size)
    if swapsAxes { (plane.columns, plane.rows) = (plane.rows, plane.columns) }
    return plane
  }

  /// Pixels of `columns` x `rows` as they are stored, in the order of the upright picture; a pixel has
  /// `pixelBytes`, 24 at most.
  public func turned(_ bytes: [UInt8], columns: Int, rows: Int, pixelBytes: Int) -> [UInt8] {
    guard self != .upright else { return bytes }
    let (outColumns, outRows) = swapsAxes ? (rows, columns) : (columns, rows)
    // A pixel of the result at (x, y) is the source's at start + x * across + y * down.
    let (start, across, down): (Int, Int, Int) =
      switch self {
      case .upright: (0, 1, columns)
      case .mirrored: (columns - 1, -1, columns)
      case .turned180: (rows * columns - 1, -1, -columns)
      case .flipped: ((rows - 1) * columns, 1, -columns)
      case .transposed: (0, columns, 1)
      case .turned90: ((rows - 1) * columns, -columns, 1)
      case .transversed: (rows * columns - 1, -columns, -1)
      case .turned270: (columns - 1, columns, -1)
      }
    let walk = Walk(
      start: start, across: across, down: down, columns: outColumns, rows: outRows)
    return switch pixelBytes {
    case 1: walk.gather(bytes, InlineArray<1, UInt8>.self)
    case 2: walk.gather(bytes, InlineArray<2, UInt8>.self)
    case 3: walk.gather(bytes, InlineArray<3, UInt8>.self)
    case 4: walk.gather(bytes, InlineArray<4, UInt8>.self)
    case 6: walk.gather(bytes, InlineArray<6, UInt8>.self)
    case 8: walk.gather(bytes, InlineArray<8, UInt8>.self)
    case 12: walk.gather(bytes, InlineArray<12, UInt8>.self)
    default: walk.gather(bytes, InlineArray<24, UInt8>.self)
    }
  }
}

/// Which pixels of a source a turned picture takes, in its order.
private struct Walk {
  let start, across, down: Int
  let columns, rows: Int

  /// `Pixel` is a pixel's bytes: its size is known to the compiler, so that a move is one load and
  /// one store.
  func gather<Pixel: BitwiseCopyable>(_ source: [UInt8], _ type: Pixel.Type) -> [UInt8] {
    let size = MemoryLayout<Pixel>.size
    return unsafe [UInt8](unsafeUninitializedCapacity: source.count) { out, used in
      unsafe source.withUnsafeBytes { source in
        let target = UnsafeMutableRawPointer(out.baseAddress!)
        var to = 0
        for y in 0..<rows {
          var from = (start + y * down) * size
          for _ in 0..<columns {
            let pixel = unsafe source.loadUnaligned(fromByteOffset: from, as: type)
            unsafe target.storeBytes(of: pixel, toByteOffset: to, as: type)
            to += size
            from += across * size
          }
        }
      }
      used = source.count
    }
  }
}
