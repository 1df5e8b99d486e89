import MedicalImaging

/// LLaVA-NeXT's tiling for any resolution (Liu et al. 2024), as `LlavaNextImageProcessor` of transformers 4.46.3
/// does it: first the whole picture as one tile, its sides stretched; then the picture resized to fit the one
/// of several sizes that shows most of it, laid on black and cut.
///
/// Where the black has an odd number of pixels, that release lays one too few: the tiles at the right or at the
/// bottom are a pixel short, and are enlarged to the square one by one. Models of it saw that, so it is kept.
public struct AnyResolutionTiling: TilingPolicy, Hashable {
  public static let name = "anyres"
  public static let summary = "The whole, then tiles of the size that shows most (LLaVA-NeXT)."

  /// Side of a tile in pixels.
  public let tileSize: Int
  /// In the order in which they were given, which decides between equals.
  private let sizes: [Size]

  /// Pixels.
  private struct Size: Hashable {
    var columns, rows: Int
  }

  /// Rows and columns of tiles where no sizes are given.
  private static let grids = [[1, 2], [2, 1], [2, 2], [3, 1], [1, 3]]

  /// - Throws: `.tiling` unless the tile has 28 to 8,192 pixels a side, and there are 1 to 256 sizes of 1 to
  ///   256 whole tiles each.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    let tileSize = try parameters.side(336)
    let pinpoints = parameters.pinpoints ?? Self.grids.map { $0.map { $0 * tileSize } }
    guard (1...256).contains(pinpoints.count) else {
      throw ImageError(.tiling, "There are 1 to 256 pinpoints, not \(pinpoints.count).")
    }
    for pinpoint in pinpoints {
      let isWhole = pinpoint.allSatisfy { $0 > 0 && $0.isMultiple(of: tileSize) }
      guard pinpoint.count == 2, isWhole, let area = Self.area(pinpoint, tileSize), area <= 256
      else {
        throw ImageError(
          .tiling,
          "A pinpoint is the height and width of 1 to 256 tiles of \(tileSize) pixels, not "
            + "\(pinpoint).")
      }
    }
    self.tileSize = tileSize
    sizes = pinpoints.map { Size(columns: $0[1], rows: $0[0]) }
  }

  /// Tiles of a pinpoint; nil where they are beyond count.
  private static func area(_ pinpoint: [Int], _ side: Int) -> Int? {
    let (area, overflow) = (pinpoint[0] / side).multipliedReportingOverflow(
      by: pinpoint[1] / side)
    return overflow ? nil : area
  }

  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    let size = size(of: picture)
    let whole = TileLayout.Canvas(
      .thumbnail, steps: [.resize(columns: tileSize, rows: tileSize)], tileColumns: tileSize,
      tileRows: tileSize)
    return TileLayout(
      policy: Self.name, picture, canvases: [whole, grid(of: picture, in: size)],
      tokens: tokens(of: picture, in: size))
  }

  /// The size that shows most of the picture's own pixels, and of such the one with the least around it.
  private func size(of picture: TiledPicture) -> Size {
    let (columns, rows) = (Double(picture.columns), Double(picture.rows))
    var best = sizes[0]
    var (most, least) = (0, Int.max)
    for size in sizes {
      let scale = min(Double(size.columns) / columns, Double(size.rows) / rows)
      let resized = Int(columns * scale) * Int(rows * scale)
      let shown = min(resized, picture.columns * picture.rows)
      let wasted = size.columns * size.rows - shown
      guard shown > most || shown == most && wasted < least else { continue }
      (best, most, least) = (size, shown, wasted)
    }
    return best
  }

  private func grid(of picture: TiledPicture, in size: Size) -> TileLayout.Canvas {
    let across = Double(size.columns) / Double(picture.columns)
    let down = Double(size.rows) / Double(picture.rows)
    var (columns, rows) = (size.columns, size.rows)
    if across < down {
      rows = min(Int((Double(picture.rows) * across).rounded(.up)), rows)
    } else {
      columns = min(Int((Double(picture.columns) * down).rounded(.up)), columns)
    }
    let (left, top) = ((size.columns - columns) / 2, (size.rows - rows) / 2)
    let missing = (columns: size.columns - columns - 2 * left, rows: size.rows - rows - 2 * top)
    var rim: TileLayout.Canvas.Rim?
    if missing.columns + missing.rows > 0 {
      rim = .init(
        columns: missing.columns, rows: missing.rows,
        steps: FixedTiling.steps(
          columns: tileSize - missing.columns, rows: tileSize - missing.rows, to: tileSize))
    }
    return TileLayout.Canvas(
      .grid,
      steps: [.resize(columns: columns, rows: rows)]
        + (left + top > 0 ? [.pad(left: left, top: top, right: left, bottom: top)] : []),
      columns: size.columns / tileSize, rows: size.rows / tileSize, tileColumns: tileSize,
      tileRows: tileSize, rim: rim)
  }

  /// A token for each patch of 14 pixels of the whole and of those of the grid that show the picture, and one
  /// behind each line of these. As many patches of black are left out on one side as on the other.
  private func tokens(of picture: TiledPicture, in size: Size) -> Int {
    let patches = tileSize / 14
    var (columns, rows) = (size.columns / tileSize * patches, size.rows / tileSize * patches)
    if Double(picture.columns) / Double(picture.rows) > Double(columns) / Double(rows) {
      rows -= (rows - picture.rows * columns / picture.columns) / 2 * 2
    } else {
      columns -= (columns - picture.columns * rows / picture.rows) / 2 * 2
    }
    return rows * columns + rows + patches * patches
  }
}
