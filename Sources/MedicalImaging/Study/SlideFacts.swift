/// What is known of a scanned microscope slide before its pixels are read: the sizes in which its
/// tissue is there, and how large a pixel is.
public struct SlideFacts: Codable, Hashable, Sendable {
  /// The largest first; the frames of the image.
  public var levels: [SlideLevel]
  /// Of level 0; nil where it is not known.
  public var micronsPerPixel: MicronsPerPixel?
  /// Why it is not known, as a sentence without header values; "" where it is.
  public var unknownBecause: String

  public init(levels: [SlideLevel], micronsPerPixel: MicronsPerPixel?, unknownBecause: String = "")
  {
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
