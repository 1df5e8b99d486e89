import MedicalImaging

/// Tiles of one size in the patient: their edge has as many millimetres in every picture, so that an organ has
/// one size in pixels whatever scanner it comes from. No model's own rule.
///
/// The picture is resized to square pixels of edge / side millimetres, laid in the middle of black that fills
/// whole tiles, and cut. Where it takes more tiles than there may be, the edge is doubled until it does not: the
/// scale is then a power of two of the wanted one.
public struct PhysicalTiling: TilingPolicy, Hashable {
  public static let name = "physical"
  public static let summary = "Tiles with an edge in millimetres, and a thumbnail (our own)."

  /// Side of a tile in pixels.
  public let tileSize: Int
  /// Of the grid.
  public let maxTiles: Int
  /// Whether the whole picture, fitted into one tile, comes last where there are several.
  public let thumbnail: Bool
  /// Millimetres along the edge of a tile.
  public let edge: Double
  /// The same of slides.
  public let slideEdge: Double

  /// - Throws: `.tiling` unless the tile has 28 to 8,192 pixels a side and an edge of 0.01 to 10,000
  ///   millimetres, on slides 1 to 1,000,000 micrometres, and there are 1 to 256 tiles.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    tileSize = try parameters.side(448, multipleOf: 28)
    maxTiles = try parameters.tiles.upperBound
    thumbnail = parameters.thumbnail
    edge = parameters.edgeMillimetres ?? 200
    let microns = parameters.edgeMicrons ?? 224
    guard (0.01...10_000).contains(edge) else {
      throw ImageError(.tiling, "The edge of a tile has 0.01 to 10000 millimetres, not \(edge).")
    }
    guard (1...1_000_000).contains(microns) else {
      throw ImageError(
        .tiling, "The edge of a slide's tile has 1 to 1000000 micrometres, not \(microns).")
    }
    slideEdge = microns / 1000
  }

  /// Throws `.tiling` where the size of a pixel is not known.
  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    guard let pixel = picture.pixelSize else {
      throw ImageError(
        .tiling, "How large a pixel is in the patient is not known.",
        remedy: "Choose another policy under `tiles`, or leave the picture out.")
    }
    let (width, height) = (
      Double(picture.columns) * pixel.width, Double(picture.rows) * pixel.height
    )
    guard width.isFinite, height.isFinite else {
      throw ImageError(.tiling, "A picture cannot be \(width) x \(height) mm large.")
    }
    let side = Double(tileSize)
    var scale = (picture.isSlide ? slideEdge : edge) / side
    func pixels(_ length: Double) -> Double { max((length / scale).rounded(), 1) }
    func tiles(_ length: Double) -> Double { (pixels(length) / side).rounded(.up) }
    while tiles(width) * tiles(height) > Double(maxTiles) { scale *= 2 }
    var canvases = [
      canvas(
        .grid, Int(pixels(width)), Int(pixels(height)), across: Int(tiles(width)),
        down: Int(tiles(height)))
    ]
    if thumbnail, canvases[0].tiles > 1 {
      scale = max(width, height) / side
      canvases.append(canvas(.thumbnail, Int(pixels(width)), Int(pixels(height))))
    }
    // As InternVL counts them: one for each 2 x 2 patches of 14 pixels.
    let patches = tileSize / 14
    let tokens = canvases.reduce(0) { $0 + $1.tiles } * (patches * patches / 4)
    return TileLayout(policy: Self.name, picture, canvases: canvases, tokens: tokens)
  }

  /// The picture of so many pixels in the middle of whole tiles.
  private func canvas(
    _ kind: TileLayout.Canvas.Kind, _ columns: Int, _ rows: Int, across: Int = 1, down: Int = 1
  ) -> TileLayout.Canvas {
    TileLayout.Canvas(
      kind,
      steps: [.resize(columns: columns, rows: rows)]
        + TileLayout.Canvas.padding(
          columns: columns, rows: rows, to: across * tileSize, down * tileSize),
      columns: across, rows: down, tileColumns: tileSize, tileRows: tileSize)
  }
}
