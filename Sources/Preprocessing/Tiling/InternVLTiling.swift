import MedicalImaging

/// InternVL's dynamic tiling (Chen et al. 2024, arXiv:2404.16821, section 3.3): a picture is resized
/// to the grid of tiles whose aspect ratio is nearest to its own, and cut row by row.
public struct InternVLTiling: Hashable, Sendable {
  /// Side of a tile in pixels.
  public let tileSize: Int
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

  /// - Throws: `ImageError` with code `recipe` unless 1 <= min <= max <= 256 and the tile has 28
  ///   to 8,192 pixels a side.
  public init(
    tileSize: Int = 448, minTiles: Int = 1, maxTiles: Int = 12, thumbnail: Bool = true
  ) throws {
    guard (28...8192).contains(tileSize) else {
      throw ImageError(.recipe, "A tile has 28 to 8192 pixels a side, not \(tileSize).")
    }
    guard minTiles >= 1, minTiles <= maxTiles, maxTiles <= 256 else {
      throw ImageError(
        .recipe, "Tiles go from 1 at least to 256 at most, not from \(minTiles) to \(maxTiles).")
    }
    self.tileSize = tileSize
    tiles = minTiles...maxTiles
    self.thumbnail = thumbnail
    candidates = (minTiles...maxTiles).flatMap { area in
      (1...area).filter { area.isMultiple(of: $0) }.map { Grid(columns: $0, rows: area / $0) }
    }
  }

  /// The layout of a picture of `width` x `height` pixels, both at least 1.
  public func layout(width: Int, height: Int) -> InternVLLayout {
    precondition(width > 0 && height > 0)
    let aspect = Double(width) / Double(height)
    var best = Grid(columns: 1, rows: 1)
    var least = Double.infinity
    for grid in candidates {
      let difference = abs(aspect - Double(grid.columns) / Double(grid.rows))
      if difference < least {
        least = difference
        best = grid
      } else if difference == least {
        let pixels = 0.5 * Double(tileSize) * Double(tileSize) * Double(grid.columns)
        if Double(width) * Double(height) > pixels * Double(grid.rows) { best = grid }
      }
    }
    return InternVLLayout(
      tileSize: tileSize, columns: best.columns, rows: best.rows,
      thumbnail: thumbnail && best.columns * best.rows > 1)
  }
}
