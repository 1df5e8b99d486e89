/// How the rows and columns of a stored picture lie (TIFF 6.0, Orientation; Exif 2.3, 4.6.4 A), and so
/// how it was turned to be upright.
public enum PlaneOrientation: Int, Codable, Hashable, Sendable, CaseIterable {
  case upright = 1
  case mirrored, turned180, flipped, transposed, turned90, transversed, turned270

  /// Of a tag's value; what it may not be is taken as upright.
  public init(tag: Int) { self = Self(rawValue: tag) ?? .upright }

  /// Of three steps, in this order: rows become columns, then columns and rows run the other way.
  public init(swapsAxes: Bool, flipsColumns: Bool, flipsRows: Bool) {
    self =
      switch (swapsAxes, flipsColumns, flipsRows) {
      case (false, false, false): .upright
      case (false, true, false): .mirrored
      case (false, true, true): .turned180
      case (false, false, true): .flipped
      case (true, false, false): .transposed
      case (true, true, false): .turned90
      case (true, true, true): .transversed
      case (true, false, true): .turned270
      }
  }

  /// Whether rows become columns.
  public var swapsAxes: Bool { rawValue >= 5 }

  /// Whether columns then run the other way.
  public var flipsColumns: Bool { [.mirrored, .turned180, .turned90, .transversed].contains(self) }

  /// Whether rows then run the other way.
  public var flipsRows: Bool { [.flipped, .turned180, .turned270, .transversed].contains(self) }

  /// 3 x 3, row by row: (column, row, 1) of the upright picture -> column and row of the stored one;
  /// `columns` and `rows` are those of the upright picture.
  public func storedFromUpright(columns: Int, rows: Int) -> [[Double]] {
    let stored = swapsAxes ? (rows, columns) : (columns, rows)
    return PictureMap(columns: stored.0, rows: stored.1).turned(self).sourceFromPixel
  }
}
