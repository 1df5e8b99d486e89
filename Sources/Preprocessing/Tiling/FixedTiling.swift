import MedicalImaging

/// CLIP's own preprocessing (Radford et al. 2021, arXiv:2103.00020), as `CLIPImageProcessor` of transformers
/// 4.46.3 does it: the shorter side is resized to the tile's, and the square in the middle is kept. What lies
/// beyond it is lost.
public struct FixedTiling: TilingPolicy, Hashable {
  public static let name = "fixed"
  public static let summary = "The square in the middle, as one tile (CLIP)."

  /// Side of the tile in pixels.
  public let tileSize: Int

  /// - Throws: `.tiling` unless the tile has 28 to 8,192 pixels a side.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    tileSize = try parameters.side(336)
  }

  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    let canvas = TileLayout.Canvas(
      .grid, steps: Self.steps(columns: picture.columns, rows: picture.rows, to: tileSize),
      tileColumns: tileSize, tileRows: tileSize)
    let patches = tileSize / 14
    return TileLayout(
      policy: Self.name, picture, canvases: [canvas], tokens: patches * patches)
  }

  /// From a picture to its square in the middle. The longer side is rounded down, and an odd pixel more is cut
  /// off behind the square than before it.
  static func steps(columns: Int, rows: Int, to side: Int) -> [PictureMap.Step] {
    let (short, long) = (min(columns, rows), max(columns, rows))
    let length = Int(Double(side * long) / Double(short))
    let start = (length - side) / 2
    let (middle, all) = (start..<start + side, 0..<side)
    return columns <= rows
      ? [.resize(columns: side, rows: length), .crop(columns: all, rows: middle)]
      : [.resize(columns: length, rows: side), .crop(columns: middle, rows: all)]
  }
}
