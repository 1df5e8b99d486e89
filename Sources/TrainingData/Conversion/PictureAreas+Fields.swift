import MedicalImaging

/// The fields of a header's areas in the order in which they are stored.
extension PictureAreas {
  mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    let none = UltrasoundRegion(columns: 0...0, rows: 0...0, spatialFormat: 0, dataType: 0)
    try coder.field(&ultrasound, blank: none) { region, coder throws(ImageError) in
      try region.columns.code(&coder)
      try region.rows.code(&coder)
      try coder.field(&region.spatialFormat)
      try coder.field(&region.dataType)
    }
    for list in [\PictureAreas.collimator, \.shutter] {
      try coder.field(&self[keyPath: list], blank: .polygon([])) {
        shape, coder throws(ImageError) in try shape.code(&coder)
      }
    }
  }
}

extension PlaneShape {
  private enum Word: String { case rectangle, circle, polygon }

  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    var (word, columns, rows) = (Word.polygon, 0...0, 0...0)
    var points: [PixelPoint] = []
    var radius = 0.0
    switch self {
    case .rectangle(let across, let down): (word, columns, rows) = (.rectangle, across, down)
    case .circle(let center, let size): (word, points, radius) = (.circle, [center], size)
    case .polygon(let vertices): points = vertices
    }
    try coder.field(&word)
    switch word {
    case .rectangle:
      try columns.code(&coder)
      try rows.code(&coder)
      self = .rectangle(columns: columns, rows: rows)
    case .circle, .polygon:
      try coder.field(&points, blank: PixelPoint(column: 0, row: 0)) {
        point, coder throws(ImageError) in
        try coder.field(&point.column)
        try coder.field(&point.row)
      }
      guard word == .circle else {
        self = .polygon(points)
        return
      }
      try coder.field(&radius)
      guard let center = points.first else { throw FieldCoder.damaged }
      self = .circle(center: center, radius: radius)
    }
  }
}

extension ClosedRange<Int> {
  fileprivate mutating func code(_ coder: inout FieldCoder) throws(ImageError) {
    var (first, last) = (lowerBound, upperBound)
    try coder.field(&first)
    try coder.field(&last)
    guard first <= last else { throw FieldCoder.damaged }
    self = first...last
  }
}
