import MedicalImaging

/// LLaVA-1.5's way to show a picture whole (Liu et al. 2023, arXiv:2310.03744): it is laid in the middle of a
/// square that has the colour of CLIP's mean, and resized to one tile.
///
/// That colour is a brownish grey, also around grey pictures: it is what the model saw.
public struct ExpandToSquareTiling: TilingPolicy, Hashable {
  public static let name = "expand2square"
  public static let summary = "The whole on a square of the mean colour, as one tile (LLaVA-1.5)."

  /// Side of the tile in pixels.
  public let tileSize: Int

  /// int(255 x mean) of CLIP's means 0.48145466, 0.4578275 and 0.40821073.
  static let ground: [UInt8] = [122, 116, 104]

  /// - Throws: `.tiling` unless the tile has 28 to 8,192 pixels a side.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    tileSize = try parameters.side(336)
  }

  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    let side = max(picture.columns, picture.rows)
    let canvas = TileLayout.Canvas(
      .grid,
      steps: TileLayout.Canvas.padding(
        columns: picture.columns, rows: picture.rows, to: side, side)
        + [.resize(columns: tileSize, rows: tileSize)],
      ground: Self.ground, tileColumns: tileSize, tileRows: tileSize)
    // The class token is left out.
    let patches = tileSize / 14
    return TileLayout(
      policy: Self.name, picture, canvases: [canvas], tokens: patches * patches)
  }
}
