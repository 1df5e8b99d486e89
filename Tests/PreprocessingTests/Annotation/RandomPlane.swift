import MedicalImaging

/// Label planes without end: noise of any density, patches, stripes and chequers.
enum RandomPlane {
  static func make(
    using generator: inout some RandomNumberGenerator, most: Int = 14, classes: Int32 = 3
  ) -> LabelPlane {
    let columns = Int.random(in: 1...most, using: &generator)
    let rows = Int.random(in: 1...most, using: &generator)
    let density = Double.random(in: 0.1...0.9, using: &generator)
    let labels = Int32.random(in: 1...classes, using: &generator)
    let kind = Int.random(in: 0..<4, using: &generator)
    var numbers = [Int32](repeating: 0, count: columns * rows)
    for i in numbers.indices where Double.random(in: 0..<1, using: &generator) < density {
      numbers[i] = Int32.random(in: 1...labels, using: &generator)
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let at = row * columns + column
        switch kind {
        // Patches: mostly what the left or upper neighbour has.
        case 1 where Int.random(in: 0..<4, using: &generator) > 0:
          if column > 0, Bool.random(using: &generator) {
            numbers[at] = numbers[at - 1]
          } else if row > 0 {
            numbers[at] = numbers[at - columns]
          }
        // Corners that touch, here and there broken.
        case 2 where Int.random(in: 0..<8, using: &generator) > 0:
          numbers[at] = (row + column).isMultiple(of: 2) ? labels : 0
        // Frames within frames.
        case 3 where Int.random(in: 0..<12, using: &generator) > 0:
          let depth = min(row, column, rows - 1 - row, columns - 1 - column)
          numbers[at] = depth.isMultiple(of: 2) ? 1 : 0
        default: break
        }
      }
    }
    return LabelPlane(columns: columns, rows: rows, numbers: numbers)
  }

  /// Of a drawing: a digit a pixel, `.` for 0.
  static func drawn(_ lines: [String]) -> LabelPlane {
    LabelPlane(
      columns: lines[0].count, rows: lines.count,
      numbers: lines.joined().map { Int32($0.wholeNumberValue ?? 0) })
  }
}
