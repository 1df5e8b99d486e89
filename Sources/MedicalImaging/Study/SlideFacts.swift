/// What is known of a scanned microscope slide before its pixels are read: the sizes in which its
/// tissue is there, and how large a pixel is.
public struct SlideFacts: Codable, Hashable, Sendable {
  /// One size of the tissue's picture.
  public struct Level: Codable, Hashable, Sendable {
    public var columns: Int
    public var rows: Int
    /// How many pixels of level 0 one pixel stands for along a side.
    public var downsample: Double

    public init(columns: Int, rows: Int, downsample: Double) {
      self.columns = columns
      self.rows = rows
      self.downsample = downsample
    }
  }

  /// The largest first; the frames of the image.
  public var levels: [Level]
  /// Of level 0, from column to column and from row to row; nil where it is not known.
  public var micronsPerPixel: PixelSpacing?
  /// Why it is not known, as a sentence without header values; "" where it is.
  public var unknownBecause: String

  public init(levels: [Level], micronsPerPixel: PixelSpacing?, unknownBecause: String = "") {
    self.levels = levels
    self.micronsPerPixel = micronsPerPixel
    self.unknownBecause = unknownBecause
  }

  /// The largest level whose sides are at most so many pixels; the smallest where all are larger.
  public func level(longestSide: Int) -> Int {
    levels.indices.first { max(levels[$0].columns, levels[$0].rows) <= longestSide }
      ?? levels.count - 1
  }
}
