/// One size in which a slide's tissue is there.
public struct SlideLevel: Codable, Hashable, Sendable {
  public var columns: Int
  public var rows: Int
  /// How many pixels of level 0 one pixel stands for along a side: the mean of both sides' ratios,
  /// as OpenSlide takes it; 1 for level 0.
  public var downsample: Double

  public init(columns: Int, rows: Int, downsample: Double) {
    self.columns = columns
    self.rows = rows
    self.downsample = downsample
  }
}

/// Distance of neighbouring pixel centres on the slide, in micrometres.
public struct MicronsPerPixel: Codable, Hashable, Sendable {
  /// From column to column.
  public var x: Double
  /// From row to row.
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}
