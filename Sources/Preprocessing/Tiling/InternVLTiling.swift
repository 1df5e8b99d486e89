import MedicalImaging

/// InternVL's dynamic tiling (Chen et al. 2024, arXiv:2404.16821, section 3.3): a picture is resized
/// to the grid of tiles whose aspect ratio is nearest to its own, and cut row by row.
public struct InternVLTiling: TilingPolicy, Hashable {
  public static let name = "internvl"
  public static let summary = "The grid of tiles nearest in shape, and a thumbnail (InternVL)."
  public static let statistics = PixelStatistics.imagenet

  /// Side of a tile in pixels.
  public let tileSize: Int
  /// Of the grid, at least and at most.
  public let tiles: ClosedRange<Int>
  /// Whether the whole picture, resized to one tile, comes last where there are several.
  public let thumbnail: Bool
  /// Columns and rows by number of tiles; those of equal number by columns. The published code
  /// leaves that second order to Python's set; it decides nothing where one tile is allowed.
  private let candidates: [Grid]

  private struct Grid: Hashable {
    var columns: Int
    var rows: Int
  }

  /// - Throws: `.tiling` unless 1 <= min <= max <= 256 and the tile has 28 to 8,192 pixels a side.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    tileSize = try parameters.side(448, multipleOf: 28)
    tiles = try parameters.tiles
    thumbnail = parameters.thumbnail
    candidates = tiles.flatMap { area in
      (1...area).filter { area.isMultiple(of: $0) }.map { Grid(columns: $0, rows: area / $0) }
    }
  }

  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    let best = grid(columns: picture.columns, rows: picture.rows)
    let (columns, rows) = (tileSize * best.columns, tileSize * best.rows)
    var canvases = [
      TileLayout.Canvas(
        .grid, steps: [.resize(columns: columns, rows: rows)], columns: best.columns,
        rows: best.rows, tileColumns: tileSize, tileRows: tileSize)
    ]
    if thumbnail, best.columns * best.rows > 1 {
      canvases.append(
        TileLayout.Canvas(
          .thumbnail, steps: [.resize(columns: tileSize, rows: tileSize)], tileColumns: tileSize,
          tileRows: tileSize))
    }
    // One token for each 2 x 2 of the encoder's patches of 14 pixels: 256 for a tile of 448.
    let patches = tileSize / 14
    let tiles = canvases.reduce(0) { $0 + $1.tiles }
    return TileLayout(
      policy: Self.name, picture, canvases: canvases, tokens: tiles * (patches * patches / 4))
  }

  private func grid(columns: Int, rows: Int) -> Grid {
    let aspect = Double(columns) / Double(rows)
    var best = Grid(columns: 1, rows: 1)
    var least = Double.infinity
    for grid in candidates {
      let difference = abs(aspect - Double(grid.columns) / Double(grid.rows))
      if difference < least {
        least = difference
        best = grid
      } else if difference == least {
        let pixels = 0.5 * Double(tileSize) * Double(tileSize) * Double(grid.columns)
        if Double(columns) * Double(rows) > pixels * Double(grid.rows) { best = grid }
      }
    }
    return best
  }
}
