import MedicalImaging

/// Regions of a mask by their size, as scikit-image 0.26 and SciPy take them.
extension PlaneMask {
  /// Takes out regions of at most so many pixels, joined at corners too, as
  /// `skimage.morphology.remove_small_objects(max_size:, connectivity: 2)` does.
  public mutating func removeRegions(upTo area: Int) {
    change(regionsOf: 1, upTo: area, .eight)
  }

  /// Fills regions outside of at most so many pixels, not joined at corners, as
  /// `skimage.morphology.remove_small_holes(max_size:, connectivity: 1)` does: those at the edge of the
  /// mask too.
  public mutating func fillHoles(upTo area: Int) {
    change(regionsOf: 0, upTo: area, .four)
  }

  private mutating func change(
    regionsOf value: UInt8, upTo area: Int, _ connectivity: PixelConnectivity
  ) {
    guard area > 0, bytes.contains(value) else { return }
    let plane = LabelPlane(
      columns: columns, rows: rows, numbers: bytes.map { $0 == value ? 1 : 0 })
    let found = ConnectedComponents(plane, connectivity: connectivity)
    let isSmall = found.components.map { $0.area <= area }
    guard isSmall.contains(true) else { return }
    for (i, number) in found.numbers.enumerated() where number > 0 && isSmall[Int(number) - 1] {
      bytes[i] = 1 - value
    }
  }

  /// Puts inside what lies at most so many columns and rows beside what is inside, as
  /// `scipy.ndimage.binary_dilation` does with a rectangle of 2 columns + 1 by 2 rows + 1.
  public mutating func widen(columns across: Int, rows down: Int) {
    precondition(across >= 0 && down >= 0)
    // Along each line: how many more pixels an inside one before reaches.
    func spread(_ start: Int, _ step: Int, _ count: Int, _ reach: Int) {
      var left = 0
      for i in 0..<count {
        let at = start + i * step
        if source[at] == 1 { left = reach + 1 }
        if left > 0 {
          bytes[at] = 1
          left -= 1
        }
      }
    }
    var source = bytes
    for row in 0..<rows where across > 0 {
      spread(row * columns, 1, columns, across)
      spread((row + 1) * columns - 1, -1, columns, across)
    }
    source = bytes
    for column in 0..<columns where down > 0 {
      spread(column, columns, rows, down)
      spread((rows - 1) * columns + column, -columns, rows, down)
    }
  }
}
