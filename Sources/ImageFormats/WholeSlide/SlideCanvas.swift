/// A region while it is painted: background first, tiles over it.
struct SlideCanvas {
  let columns: Int
  let rows: Int
  private(set) var bytes: [UInt8]

  init(_ columns: Int, _ rows: Int, _ color: SlideColor) {
    self.columns = columns
    self.rows = rows
    if color.red == color.green, color.green == color.blue {
      bytes = [UInt8](repeating: color.red, count: columns * rows * 3)
    } else {
      bytes = (0..<columns * rows).flatMap { _ in [color.red, color.green, color.blue] }
    }
  }

  /// Copies a rectangle of a picture of 3 samples a pixel, or of 1 that stands for
  /// all three. Both rectangles must lie inside.
  mutating func paint(
    _ picture: UnsafeRawBufferPointer, columns pictureColumns: Int, samples: Int, fromX: Int,
    fromY: Int, toX: Int, toY: Int, width: Int, height: Int
  ) {
    precondition(toX >= 0 && toX + width <= columns && toY >= 0 && toY + height <= rows)
    precondition(fromX >= 0 && fromY >= 0 && fromX + width <= pictureColumns)
    precondition((fromY + height) * pictureColumns * samples <= picture.count)
    let columns = columns
    unsafe bytes.withUnsafeMutableBytes { out in
      for row in 0..<height {
        let from = ((fromY + row) * pictureColumns + fromX) * samples
        let to = ((toY + row) * columns + toX) * 3
        if samples == 3 {
          unsafe UnsafeMutableRawBufferPointer(rebasing: out[to..<to + 3 * width])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: picture[from..<from + 3 * width]))
          continue
        }
        for i in 0..<width {
          let value = unsafe picture[from + i]
          unsafe out[to + 3 * i] = value
          unsafe out[to + 3 * i + 1] = value
          unsafe out[to + 3 * i + 2] = value
        }
      }
    }
  }
}
