import MedicalImaging

/// Where the tiles of one level lie, in one optical path and one focal plane.
enum SlideTiles: Sendable {
  case grid(TileGrid)
  case scattered(ScatteredTiles)

  /// One instance of a level: which of the slide's it is, and its header.
  typealias Source = (index: Int, instance: DICOMSlideInstance)

  /// A frame, and where its first pixel lies in the level.
  struct Tile: Sendable {
    /// Index of the instance in the slide.
    var source: Int
    var frame: Int
    var x, y: Int
  }

  /// `sources` are those of one level that hold the optical path. Throws `.damagedHeader` where their
  /// tiles have no place, or one place several of them; `.unsupportedPixels` where there is no such
  /// focal plane, or where there are several and none is chosen.
  init(
    _ sources: [Source], opticalPath: String, focalPlane: SlideFocalPlane, columns: Int, rows: Int
  )
    throws(ImageError)
  {
    let formats = sources.map(\.instance.header.format)
    guard formats.allSatisfy({ $0.rows == formats[0].rows && $0.columns == formats[0].columns })
    else {
      throw ImageError(
        .unsupportedPixels, "The tiles of a level of the slide are of several sizes.")
    }
    let places = sources.map { source -> [DICOMSlideInstance.Place]? in
      switch source.instance.arrangement {
      case .full: nil
      case .placed(let places): places
      case .unknown:
        // One frame that is the whole matrix has no other place.
        source.instance.header.frames == 1 && formats[0].columns >= columns
          && formats[0].rows >= rows
          ? [DICOMSlideInstance.Place(frame: 0, x: 0, y: 0, z: 0, opticalPath: 0)] : []
      }
    }
    if places.allSatisfy({ $0 == nil }) {
      self = .grid(
        try TileGrid(
          sources, opticalPath: opticalPath, focalPlane: focalPlane, columns: columns, rows: rows))
      return
    }
    var tiles: [(tile: Tile, z: Double)] = []
    for (source, places) in zip(sources, places) {
      guard let places, !places.isEmpty else {
        throw ImageError(.damagedHeader, "The slide does not say where its tiles lie.")
      }
      let wanted = source.instance.opticalPaths.firstIndex(of: opticalPath)
      for place in places where place.opticalPath == wanted {
        tiles.append(
          (Tile(source: source.index, frame: place.frame, x: place.x, y: place.y), place.z))
      }
    }
    self = .scattered(
      try ScatteredTiles(
        tiles, focalPlane: focalPlane, tileColumns: formats[0].columns, tileRows: formats[0].rows))
  }

  /// Whether tiles lie over each other, so that pixels may be covered twice.
  var overlap: Bool {
    if case .scattered(let tiles) = self { tiles.overlap } else { false }
  }

  /// Which focal plane they are of; nil where there is one.
  var focalPlane: Int? {
    switch self {
    case .grid(let grid): grid.focalPlane
    case .scattered(let tiles): tiles.focalPlane
    }
  }

  /// Calls `body` with each tile that shows a pixel of a rectangle, in the order of painting. False
  /// where a tile of a full level is missing from the source.
  ///
  /// Throws what `body` throws.
  func forEach(
    x: Range<Int>, y: Range<Int>, _ body: (Tile) throws(ImageError) -> Void
  ) throws(ImageError) -> Bool {
    switch self {
    case .grid(let grid): return try grid.forEach(x: x, y: y, body)
    case .scattered(let tiles):
      try tiles.forEach(x: x, y: y, body)
      return true
    }
  }
}
