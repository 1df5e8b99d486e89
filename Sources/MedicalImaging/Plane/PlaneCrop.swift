/// What of a plane is shown: a rectangle of its pixels, and which of those.
public struct PlaneCrop: Hashable, Sendable {
  /// Of the whole plane.
  public private(set) var columns: Range<Int>
  public private(set) var rows: Range<Int>
  /// Of the rectangle's own size; nil where all of it is shown.
  public private(set) var mask: PlaneMask?

  /// The whole plane.
  public init(columns: Int, rows: Int) {
    self.columns = 0..<columns
    self.rows = 0..<rows
  }

  public var isEmpty: Bool { columns.isEmpty || rows.isEmpty }

  /// How many pixels are shown.
  public var area: Int { mask?.area ?? columns.count * rows.count }

  /// Leaves what is inside of a shape too; `aspect` is the height of a pixel over its width.
  public mutating func narrow(to shape: PlaneShape, aspect: Double = 1) {
    if case .rectangle(let across, let down) = shape {
      narrow(columns: columns.clamped(to: across), rows: rows.clamped(to: down))
    } else {
      narrow(to: shape.mask(columns: columns, rows: rows, aspect: aspect))
    }
  }

  /// Leaves what is inside of at least one of some shapes.
  public mutating func narrow(toAnyOf shapes: [PlaneShape], aspect: Double = 1) {
    guard shapes.count > 1 else {
      if let shape = shapes.first { narrow(to: shape, aspect: aspect) }
      return
    }
    var any = PlaneMask(columns: columns.count, rows: rows.count, filled: false)
    for shape in shapes {
      let mask = shape.mask(columns: columns, rows: rows, aspect: aspect)
      for i in mask.bytes.indices { any.bytes[i] |= mask.bytes[i] }
    }
    narrow(to: any)
  }

  /// Leaves a part of the rectangle.
  public mutating func narrow(columns: Range<Int>, rows: Range<Int>) {
    let (width, left, top) = (self.columns.count, self.columns.lowerBound, self.rows.lowerBound)
    self.columns = columns.clamped(to: self.columns)
    self.rows = rows.clamped(to: self.rows)
    guard let mask else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(self.columns.count * self.rows.count)
    for row in self.rows {
      let start = (row - top) * width - left
      bytes += mask.bytes[start + self.columns.lowerBound..<start + self.columns.upperBound]
    }
    let part = PlaneMask(columns: self.columns.count, rows: self.rows.count, bytes: bytes)
    self.mask = part.bytes.contains(0) ? part : nil
  }

  /// Leaves what is inside of a mask of the rectangle's size, and of that the least rectangle.
  private mutating func narrow(to other: PlaneMask) {
    var seen = other
    if let mask { seen.formIntersection(mask) }
    mask = seen
    let bounds = seen.bounds
    narrow(
      columns: bounds.columns.lowerBound + columns.lowerBound..<bounds.columns.upperBound
        + columns.lowerBound,
      rows: bounds.rows.lowerBound + rows.lowerBound..<bounds.rows.upperBound + rows.lowerBound)
  }
}

extension PlaneCrop {
  /// The rectangle of a whole plane's pixels, each of `pixelBytes`; those that are not shown are zeros.
  public func applied(to bytes: [UInt8], columns width: Int, pixelBytes: Int) -> [UInt8] {
    var cut: [UInt8] = []
    cut.reserveCapacity(columns.count * rows.count * pixelBytes)
    for row in rows {
      let start = row * width
      cut +=
        bytes[
          (start + columns.lowerBound) * pixelBytes..<(start + columns.upperBound) * pixelBytes]
    }
    guard let mask else { return cut }
    for (pixel, isSeen) in mask.bytes.enumerated() where isSeen == 0 {
      for byte in pixel * pixelBytes..<(pixel + 1) * pixelBytes { cut[byte] = 0 }
    }
    return cut
  }

  /// The pixels of a plane that are shown, in one row: what statistics are taken of.
  public func pixels(of plane: StoredPlane) -> StoredPlane {
    let size = plane.samplesPerPixel * plane.sample.size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(area * size)
    for row in rows {
      let start = row * plane.columns
      let line = (row - rows.lowerBound) * columns.count - columns.lowerBound
      if let mask {
        for column in columns where mask.bytes[line + column] == 1 {
          bytes += plane.bytes[(start + column) * size..<(start + column + 1) * size]
        }
      } else {
        bytes +=
          plane.bytes[(start + columns.lowerBound) * size..<(start + columns.upperBound) * size]
      }
    }
    return StoredPlane(
      columns: bytes.count / size, rows: 1, samplesPerPixel: plane.samplesPerPixel,
      sample: plane.sample, bytes: bytes)
  }
}
