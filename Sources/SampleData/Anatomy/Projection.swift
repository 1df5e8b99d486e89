import MedicalImaging

/// X-rays through solids: millimetres of water that a ray meets.
struct Projection {
  enum Direction {
    /// Along y: columns go to the patient's left.
    case frontal
    /// Along x: columns go to the back.
    case lateral
  }

  let columns: Int
  let rows: Int
  /// Row by row, from the head down.
  private(set) var water: [Float]

  /// `spacing` is in millimetres, `top` the z of the first row's centre; x or y = 0 is the middle.
  init(
    of solids: [Solid], direction: Direction, columns: Int, rows: Int, spacing: Double,
    top: Double
  ) {
    self.columns = columns
    self.rows = rows
    water = [Float](repeating: 0, count: columns * rows)
    let left = -Double(columns - 1) / 2 * spacing
    for solid in solids {
      let extent = solid.extent
      let highest = max(0, Int(((top - extent.upperBound) / spacing).rounded(.up)))
      let lowest = min(rows - 1, Int(((top - extent.lowerBound) / spacing).rounded(.down)))
      guard highest <= lowest else { continue }
      for row in highest...lowest {
        guard let section = solid.section(at: top - Double(row) * spacing) else { continue }
        // Water is 1, air 0: HU / 1000 + 1, of which the constant cancels.
        let weight = Double(solid.value - solid.within) / 1000
        var (a, b, c) = section.form
        var center = section.x
        if direction == .lateral {
          (a, c) = (c, a)
          center = section.y
        }
        let reach = (c / (a * c - b * b)).squareRoot()
        let first = max(0, Int(((center - reach - left) / spacing).rounded(.up)))
        let last = min(columns - 1, Int(((center + reach - left) / spacing).rounded(.down)))
        guard first <= last else { continue }
        for column in first...last {
          let d = left + Double(column) * spacing - center
          let chord = 2 * max(0, b * b * d * d - c * (a * d * d - 1)).squareRoot() / c
          water[row * columns + column] += Float(chord * weight)
        }
      }
    }
  }
}
