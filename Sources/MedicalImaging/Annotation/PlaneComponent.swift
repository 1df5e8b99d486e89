/// Pixels of one number in a label plane that hang together.
public struct PlaneComponent: Codable, Hashable, Sendable {
  /// Its number in the label plane.
  public var label: Int32
  /// From its first column to behind its last.
  public var columns: Range<Int>
  /// From its first row to behind its last.
  public var rows: Range<Int>
  /// In pixels.
  public var area: Int
  /// The part of the plane that it covers, 0...1.
  public var areaFraction: Double
  /// The mean of the centres of its pixels.
  public var centroid: EdgePoint

  public init(
    label: Int32, columns: Range<Int>, rows: Range<Int>, area: Int, areaFraction: Double,
    centroid: EdgePoint
  ) {
    self.label = label
    self.columns = columns
    self.rows = rows
    self.area = area
    self.areaFraction = areaFraction
    self.centroid = centroid
  }

  public var box: EdgeBox { EdgeBox(columns: columns, rows: rows) }
}

/// Which neighbours of a pixel hang together with it.
public enum PixelConnectivity: Int, Codable, Sendable, CaseIterable {
  /// Those that it shares an edge with.
  case four = 4
  /// Those that it shares an edge or a corner with.
  case eight = 8
}
