/// An 8-bit RGB picture under the brush.
struct ColourPicture {
  let columns: Int
  let rows: Int
  /// Red, green, blue, pixel by pixel.
  private(set) var bytes: [UInt8]

  /// Every pixel gets the colour of its column and row; parts beyond 0...255 are cut.
  init(
    columns: Int, rows: Int, _ colour: (Int, Int) -> (red: Double, green: Double, blue: Double)
  ) {
    self.columns = columns
    self.rows = rows
    bytes = []
    bytes.reserveCapacity(3 * columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let c = colour(column, row)
        for part in [c.red, c.green, c.blue] { bytes.append(UInt8(min(255, max(0, part)))) }
      }
    }
  }

  /// Sets a pixel, where it lies inside.
  mutating func set(_ column: Int, _ row: Int, _ colour: (UInt8, UInt8, UInt8)) {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    let i = 3 * (row * columns + column)
    (bytes[i], bytes[i + 1], bytes[i + 2]) = colour
  }

  /// Writes capitals, digits and a few signs, each 5 x 7 dots of `scale` pixels.
  mutating func write(
    _ text: String, column: Int, row: Int, scale: Int = 1, colour: (UInt8, UInt8, UInt8)
  ) {
    for (i, character) in text.enumerated() {
      for (y, line) in DotFont.rows(of: character).enumerated() {
        for x in 0..<5 where line >> (4 - x) & 1 == 1 {
          for dot in 0..<(scale * scale) {
            set(
              column + (6 * i + x) * scale + dot % scale, row + y * scale + dot / scale, colour)
          }
        }
      }
    }
  }
}
