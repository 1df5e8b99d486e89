import MedicalImaging

/// Masks and label planes of a source as they lie in its picture, and with `inverse` back: exactly, but
/// for resizes, which take the nearest pixel as Pillow does. Where the picture shows nothing of the
/// source, they are 0.
extension PictureMap {
  /// A mask of the source, in the picture.
  public func mask(_ mask: PlaneMask) -> PlaneMask {
    precondition(mask.columns == sourceColumns && mask.rows == sourceRows)
    return PlaneMask(columns: columns, rows: rows, bytes: gather(mask.bytes))
  }

  /// A label plane of the source, in the picture.
  public func labels(_ plane: LabelPlane) -> LabelPlane {
    precondition(plane.columns == sourceColumns && plane.rows == sourceRows)
    return LabelPlane(columns: columns, rows: rows, numbers: gather(plane.numbers))
  }

  /// Pixels of the source in the picture's order.
  private func gather<Pixel: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ source: [Pixel])
    -> [Pixel]
  {
    let (across, down) = sourceIndices()
    // A pixel of the picture is the source's at across + down; both are -1 where there is none.
    let (alongX, alongY) = swapsAxes ? (sourceColumns, 1) : (1, sourceColumns)
    let starts = across.map { $0 < 0 ? -1 : $0 * alongX }
    let from = source.span
    return unsafe [Pixel](unsafeUninitializedCapacity: columns * rows) { out, used in
      var to = 0
      for row in down {
        for start in starts {
          unsafe out.initializeElement(
            at: to, to: start < 0 || row < 0 ? 0 : from[start + row * alongY])
          to += 1
        }
      }
      used = to
    }
  }

  /// For each column and row of the picture the one of the source that it shows (of a transposed
  /// picture, a row for each column), -1 where it shows none.
  private func sourceIndices() -> (across: [Int], down: [Int]) {
    var across = Array(0..<sourceColumns)
    var down = Array(0..<sourceRows)
    for step in steps {
      switch step {
      case .mirror: across.reverse()
      case .flip: down.reverse()
      case .transpose: swap(&across, &down)
      case .crop(let columns, let rows):
        across = Array(across[columns])
        down = Array(down[rows])
      case .pad(let left, let top, let right, let bottom):
        across = Self.padded(across, left, right)
        down = Self.padded(down, top, bottom)
      case .resize(let columns, let rows):
        across = NearestResize.indices(from: across.count, to: columns).map { across[$0] }
        down = NearestResize.indices(from: down.count, to: rows).map { down[$0] }
      }
    }
    return (across, down)
  }

  private static func padded(_ indices: [Int], _ before: Int, _ after: Int) -> [Int] {
    Array(repeating: -1, count: before) + indices + Array(repeating: -1, count: after)
  }
}
