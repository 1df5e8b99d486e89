import MedicalImaging

/// Tiles that say themselves where they lie (TILED_SPARSE, PS3.3 C.7.6.17.3), found by place.
///
/// The level is cut into buckets of a tile's size. A tile stands in the bucket of its first pixel, so
/// that those over a rectangle stand in the buckets of the rectangle and of a tile's width before.
struct ScatteredTiles: Sendable {
  /// By bucket, row by row; within a bucket in the order of painting.
  private let tiles: [SlideTiles.Tile]
  private let tileColumns: Int
  private let tileRows: Int
  let overlap: Bool
  /// Which focal plane they are of; nil where there is one.
  let focalPlane: Int?

  /// `tiles` are all of one level and optical path, with their offsets along the optical axis: those
  /// that share a place are its focal planes, lowest first. Where tiles lie over each other without
  /// that, the later instance or frame covers the earlier.
  init(
    _ tiles: [(tile: SlideTiles.Tile, z: Double)], focalPlane: SlideFocalPlane, tileColumns: Int,
    tileRows: Int
  ) throws(ImageError) {
    self.tileColumns = tileColumns
    self.tileRows = tileRows
    let stacked = tiles.sorted {
      ($0.tile.y, $0.tile.x, $0.z, $0.tile.source, $0.tile.frame)
        < ($1.tile.y, $1.tile.x, $1.z, $1.tile.source, $1.tile.frame)
    }
    var stacks: [Range<Int>] = []
    for i in stacked.indices {
      let isSame =
        i > 0 && stacked[i].tile.x == stacked[i - 1].tile.x
        && stacked[i].tile.y == stacked[i - 1].tile.y
      if isSame {
        guard stacked[i].z != stacked[i - 1].z else {
          throw ImageError(.damagedHeader, "Two images of the slide claim the same tiles.")
        }
        stacks[stacks.count - 1] = stacks[stacks.count - 1].lowerBound..<i + 1
      } else {
        stacks.append(i..<i + 1)
      }
    }
    let planes = stacks.map(\.count).max() ?? 1
    guard stacks.allSatisfy({ $0.count == planes }) else {
      throw ImageError(
        .unsupportedPixels, "Places of the slide have different numbers of focal planes.")
    }
    let plane = try focalPlane.index(of: planes)
    self.focalPlane = planes > 1 ? plane : nil
    let sorted = stacks.map { stacked[$0.lowerBound + plane].tile }.sorted {
      ($0.y / tileRows, $0.x / tileColumns, $0.source, $0.frame)
        < ($1.y / tileRows, $1.x / tileColumns, $1.source, $1.frame)
    }
    self.tiles = sorted
    overlap = Self.overlap(sorted, tileColumns, tileRows)
  }

  func forEach(
    x: Range<Int>, y: Range<Int>, _ body: (SlideTiles.Tile) throws(ImageError) -> Void
  ) throws(ImageError) {
    var found: [SlideTiles.Tile] = []
    Self.search(tiles, tileColumns, tileRows, x: x, y: y) { i in
      found.append(tiles[i])
      return true
    }
    if overlap { found.sort { ($0.source, $0.frame) < ($1.source, $1.frame) } }
    for tile in found { try body(tile) }
  }

  private static func overlap(_ tiles: [SlideTiles.Tile], _ columns: Int, _ rows: Int) -> Bool {
    for (i, tile) in tiles.enumerated() {
      var isAlone = true
      search(
        tiles, columns, rows, x: tile.x..<tile.x + columns, y: tile.y..<tile.y + rows
      ) { other in
        isAlone = isAlone && other == i
        return isAlone
      }
      if !isAlone { return true }
    }
    return false
  }

  /// Calls `body` with the index of each tile over a rectangle, while it answers true.
  private static func search(
    _ tiles: [SlideTiles.Tile], _ columns: Int, _ rows: Int, x: Range<Int>, y: Range<Int>,
    _ body: (Int) -> Bool
  ) {
    guard !x.isEmpty, !y.isEmpty else { return }
    let firstColumn = max(x.lowerBound - columns + 1, 0) / columns
    let lastColumn = (x.upperBound - 1) / columns
    let firstRow = max(y.lowerBound - rows + 1, 0) / rows
    for row in firstRow...(y.upperBound - 1) / rows {
      var i = lowerBound(tiles, columns, rows, row, firstColumn)
      while i < tiles.count, tiles[i].y / rows == row, tiles[i].x / columns <= lastColumn {
        let tile = tiles[i]
        if tile.x < x.upperBound, tile.x + columns > x.lowerBound, tile.y < y.upperBound,
          tile.y + rows > y.lowerBound, !body(i)
        {
          return
        }
        i += 1
      }
    }
  }

  /// The first tile whose bucket is (`row`, `column`) or behind it.
  private static func lowerBound(
    _ tiles: [SlideTiles.Tile], _ columns: Int, _ rows: Int, _ row: Int, _ column: Int
  ) -> Int {
    var (low, high) = (0, tiles.count)
    while low < high {
      let middle = (low + high) / 2
      if (tiles[middle].y / rows, tiles[middle].x / columns) < (row, column) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
