/// A region while it is painted: background first, tiles over it.
struct SlideCanvas {
  let columns: Int
  let rows: Int
  private let pixelBytes: Int
  private(set) var bytes: [UInt8]

  /// `pixel` are the bytes of one pixel of the background.
  init(_ columns: Int, _ rows: Int, _ pixel: [UInt8]) {
    self.columns = columns
    self.rows = rows
    pixelBytes = pixel.count
    if pixel.allSatisfy({ $0 == pixel[0] }) {
      bytes = [UInt8](repeating: pixel[0], count: columns * rows * pixel.count)
    } else {
      bytes = (0..<columns * rows).flatMap { _ in pixel }
    }
  }

  init(_ columns: Int, _ rows: Int, _ color: SlideColor) {
    self.init(columns, rows, [color.red, color.green, color.blue])
  }

  /// Copies a rectangle of a picture with as many bytes a pixel. Both rectangles must lie inside.
  mutating func paint(
    _ picture: UnsafeRawBufferPointer, columns pictureColumns: Int, fromX: Int, fromY: Int,
    toX: Int,
    toY: Int, width: Int, height: Int
  ) {
    precondition(toX >= 0 && toX + width <= columns && toY >= 0 && toY + height <= rows)
    precondition(fromX >= 0 && fromY >= 0 && fromX + width <= pictureColumns)
    let (size, columns) = (pixelBytes, columns)
    precondition((fromY + height) * pictureColumns * size <= picture.count)
    unsafe bytes.withUnsafeMutableBytes { out in
      for row in 0..<height {
        let from = ((fromY + row) * pictureColumns + fromX) * size
        let to = ((toY + row) * columns + toX) * size
        unsafe UnsafeMutableRawBufferPointer(rebasing: out[to..<to + size * width])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: picture[from..<from + size * width]))
      }
    }
  }
}
