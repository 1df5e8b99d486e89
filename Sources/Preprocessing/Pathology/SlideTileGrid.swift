import MedicalImaging

/// Where the tiles of a slide lie that show a square of tissue at one size of pixels: which level is
/// read, and which rectangles of it.
///
/// The grid begins at the slide's corner. Tiles that would reach over the right or the lower edge are
/// none. Levels are only made smaller, never larger.
public struct SlideTileGrid: Codable, Hashable, Sendable {
  /// A level whose pixels are this near to the wanted size, as a part of it, is taken as it is: 0.499
  /// micrometres for 0.5, or 0.2525 for 0.25. Resampling would blur all of it and gain nothing.
  public static let tolerance = 0.02
  /// Pixels of the largest level; a glass of 75 x 50 millimetres at 0.25 micrometres has 2^35.8.
  private static let mostPixels = 1 << 36

  /// Index of the level that is read.
  public let level: Int
  /// Columns and rows of a tile in that level.
  public let width, height: Int
  /// Columns and rows of a tile's picture.
  public let size: Int
  /// Of the picture's pixels: at most half a pixel of the level, spread over the tile, off the wanted one.
  public let micronsPerPixel: MicronsPerPixel
  /// Tiles side by side, and below each other.
  public let across, down: Int
  /// From tile to tile, in pixels of the level.
  private let stepX, stepY: Double

  public var count: Int { across * down }

  /// - Parameters:
  ///   - levels: the largest first.
  ///   - micronsPerPixel: of level 0.
  ///   - wanted: micrometres of a picture's pixel.
  ///   - overlap: how many pixels of the picture a tile shares with the next; below `size`.
  ///
  /// Throws `.slideResolution` where all pixels are larger than the wanted ones, `.slideSize` where the
  /// slide is smaller than one tile, `.damagedHeader` where it is larger than any.
  public init(
    _ levels: [SlideLevel], micronsPerPixel: MicronsPerPixel, wanted: Double, size: Int,
    overlap: Int = 0
  ) throws(ImageError) {
    precondition(!levels.isEmpty && size > 0 && (0..<size).contains(overlap) && wanted > 0)
    let (pixels, overflow) = levels[0].columns.multipliedReportingOverflow(by: levels[0].rows)
    guard !overflow, pixels <= Self.mostPixels else {
      throw ImageError(.damagedHeader, "The slide says that it is larger than any glass.")
    }
    let limit = wanted * (1 + Self.tolerance)
    let fine = levels.indices.last { i in
      max(micronsPerPixel.x, micronsPerPixel.y) * levels[i].downsample <= limit
    }
    guard let level = fine else {
      throw ImageError(
        .slideResolution, "The slide's pixels are larger than those that its tiles are to have.",
        remedy: "Raise slides.tile_microns_per_pixel in the recipe, or leave the slide out.")
    }
    let chosen = levels[level]
    /// Pixels of the level that one pixel of the picture stands for.
    func shrinking(_ microns: Double) -> Double {
      let ratio = wanted / (microns * chosen.downsample)
      return abs(ratio - 1) <= Self.tolerance ? 1 : ratio
    }
    let (x, y) = (shrinking(micronsPerPixel.x), shrinking(micronsPerPixel.y))
    let (width, height) = (Double(size) * x, Double(size) * y)
    // A picture of a tile that is larger than the slide is none; so none of these overflows.
    guard width.rounded() <= Double(chosen.columns), height.rounded() <= Double(chosen.rows) else {
      throw ImageError(.slideSize, "The slide is smaller than one tile.")
    }
    self.level = level
    self.size = size
    (self.width, self.height) = (Int(width.rounded()), Int(height.rounded()))
    stepX = Double(size - overlap) * x
    stepY = Double(size - overlap) * y
    across = Self.count(step: stepX, side: self.width, of: chosen.columns)
    down = Self.count(step: stepY, side: self.height, of: chosen.rows)
    self.micronsPerPixel = MicronsPerPixel(
      x: micronsPerPixel.x * chosen.downsample * Double(self.width) / Double(size),
      y: micronsPerPixel.y * chosen.downsample * Double(self.height) / Double(size))
  }

  private static func start(_ index: Int, _ step: Double) -> Int {
    Int((Double(index) * step).rounded())
  }

  private static func count(step: Double, side: Int, of whole: Int) -> Int {
    var count = Int(Double(whole - side) / step) + 1
    // Starts are rounded: the last may lie on either side of the edge.
    if start(count, step) + side <= whole { count += 1 }
    if start(count - 1, step) + side > whole { count -= 1 }
    return count
  }

  /// A tile by its place in the grid, below `count`.
  public func tile(_ number: Int) -> SlideTile {
    precondition((0..<count).contains(number))
    let x = Self.start(number % across, stepX)
    let y = Self.start(number / across, stepY)
    return SlideTile(
      number: number, columns: x..<x + width, rows: y..<y + height, size: size,
      micronsPerPixel: micronsPerPixel)
  }
}
