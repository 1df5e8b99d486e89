import MedicalImaging

/// Tiles that fill a level row by row (TILED_FULL, PS3.3 C.7.6.17.3): arithmetic, no list.
///
/// Frames run over columns first, then rows, focal planes and optical paths.
struct TileGrid: Sendable {
  private let tileColumns: Int
  private let tileRows: Int
  /// Tiles side by side.
  private let across: Int
  /// Which cells an instance holds, and the frame that its first one is.
  private let parts: [Part]

  /// Which focal plane they are of; nil where there is one.
  private(set) var focalPlane: Int?

  private struct Part: Sendable {
    var source: Int
    var cells: Range<Int>
    var firstFrame: Int
  }

  init(
    _ sources: [SlideTiles.Source], opticalPath: String, focalPlane: SlideFocalPlane, columns: Int,
    rows: Int
  ) throws(ImageError) {
    let format = sources[0].instance.header.format
    tileColumns = format.columns
    tileRows = format.rows
    across = (columns - 1) / tileColumns + 1
    let (cells, overflow) = across.multipliedReportingOverflow(by: (rows - 1) / tileRows + 1)
    guard !overflow else { throw Self.impossible }
    var parts: [Part] = []
    for (index, instance) in sources {
      let plane = try focalPlane.index(of: instance.focalPlanes)
      if instance.focalPlanes > 1 { self.focalPlane = plane }
      let path = instance.opticalPaths.firstIndex(of: opticalPath) ?? 0
      let layer = path * instance.focalPlanes + plane
      let (base, overflow) = cells.multipliedReportingOverflow(by: layer)
      guard !overflow, base <= Int.max - cells else { throw Self.impossible }
      // Frames of this instance are number `framesBefore` on in that order, its cells from `base` on.
      let first = instance.framesBefore - base
      let held = max(first, 0)..<max(min(first + instance.header.frames, cells), max(first, 0))
      if held.isEmpty { continue }
      parts.append(Part(source: index, cells: held, firstFrame: held.lowerBound - first))
    }
    parts.sort { $0.cells.lowerBound < $1.cells.lowerBound }
    for (part, next) in zip(parts, parts.dropFirst())
    where next.cells.lowerBound < part.cells.upperBound {
      throw ImageError(.damagedHeader, "Two images of the slide claim the same tiles.")
    }
    self.parts = parts
  }

  private static let impossible = ImageError(
    .damagedHeader, "The slide claims to be of impossibly many tiles.")

  /// False where a tile of the rectangle is in no instance.
  func forEach(
    x: Range<Int>, y: Range<Int>, _ body: (SlideTiles.Tile) throws(ImageError) -> Void
  ) throws(ImageError) -> Bool {
    guard !x.isEmpty, !y.isEmpty else { return true }
    var isWhole = true
    for row in y.lowerBound / tileRows...(y.upperBound - 1) / tileRows {
      for column in x.lowerBound / tileColumns...(x.upperBound - 1) / tileColumns {
        let cell = row * across + column
        guard let part = parts.first(where: { $0.cells.contains(cell) }) else {
          isWhole = false
          continue
        }
        try body(
          SlideTiles.Tile(
            source: part.source, frame: part.firstFrame + cell - part.cells.lowerBound,
            x: column * tileColumns, y: row * tileRows))
      }
    }
    return isWhole
  }
}
