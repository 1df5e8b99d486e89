/// A part of a slide's level that becomes a square picture.
public struct SlideTile: Codable, Hashable, Sendable {
  /// Its place in the grid of all tiles, row by row, from 0.
  public var number: Int
  /// Of the level.
  public var columns, rows: Range<Int>
  /// Columns and rows of the picture.
  public var size: Int
  /// Of the picture's pixels.
  public var micronsPerPixel: MicronsPerPixel
  /// The share of it that is tissue, 0 to 1; nil where nobody looked.
  public var tissue: Double?

  public init(
    number: Int, columns: Range<Int>, rows: Range<Int>, size: Int, micronsPerPixel: MicronsPerPixel
  ) {
    self.number = number
    self.columns = columns
    self.rows = rows
    self.size = size
    self.micronsPerPixel = micronsPerPixel
  }
}
