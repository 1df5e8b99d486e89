import MedicalImaging

/// Which level of a slide, made how much smaller, is the picture in which tissue is looked for.
public struct TissueLevel: Codable, Hashable, Sendable {
  /// Micrometres of the picture's pixels, about: 5.3 to 10.7 of slides that have such pixels. CLAM looks
  /// at a 64th of 0.25, which are 16; a tile of 224 micrometres then has hardly more than 14 pixels.
  public static let micronsPerPixel = 8.0
  /// The picture's pixels; larger slides are looked at in larger ones.
  public static let mostPixels = 1 << 22

  /// Index of the level that is read.
  public let level: Int
  /// How many of its columns and rows become one of the picture.
  public let factor: Int
  /// Of the picture's pixels.
  public let micronsPerPixel: MicronsPerPixel
  /// Of level 0, in one column or row of the picture.
  public let downsample: Double

  /// `levels` come with the largest first; `micronsPerPixel` is of level 0.
  public init(_ levels: [SlideLevel], micronsPerPixel: MicronsPerPixel) {
    precondition(!levels.isEmpty)
    let base = (micronsPerPixel.x + micronsPerPixel.y) / 2
    let level =
      levels.indices.last { base * levels[$0].downsample <= 1.25 * Self.micronsPerPixel } ?? 0
    let (columns, rows) = (levels[level].columns, levels[level].rows)
    var factor = max(
      1, Int((Self.micronsPerPixel / (base * levels[level].downsample)).rounded()))
    while Self.reduced(columns, factor) * Self.reduced(rows, factor) > Self.mostPixels {
      factor *= 2
    }
    self.level = level
    self.factor = factor
    downsample = levels[level].downsample * Double(factor)
    self.micronsPerPixel = MicronsPerPixel(
      x: micronsPerPixel.x * downsample, y: micronsPerPixel.y * downsample)
  }

  private static func reduced(_ side: Int, _ factor: Int) -> Int { (side + factor - 1) / factor }
}
