import MedicalImaging

/// What an encoder gets of one picture: the grid of tiles that it is spread over, and the whole of it once
/// more where the policy has that.
public struct TileLayout: Codable, Hashable, Sendable {
  /// The name of the policy that chose it; a row of `TilingPolicies.all`.
  public var policy: String
  /// Of the picture, in pixels.
  public var pictureColumns, pictureRows: Int
  /// What is made of the picture, in the order in which the encoder gets it.
  public var canvases: [Canvas]
  /// Tokens of all of it, as the policy's own model counts them.
  public var tokens: Int
  /// Where the encoder takes patches in place of tiles: their order.
  public var patches: PatchOrder?

  /// The picture resized, cropped or laid on a ground, and cut into tiles of one size row by row.
  public struct Canvas: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
      case grid
      /// The whole picture as one tile.
      case thumbnail
    }

    public var kind: Kind
    /// From the picture to the canvas.
    public var steps: [PictureMap.Step]
    /// What the padding among the steps shows, in 8 bits: red, green, blue.
    public var ground: [UInt8]
    /// Tiles.
    public var columns, rows: Int
    /// Of a tile, in pixels.
    public var tileColumns, tileRows: Int
    /// Where the canvas ends before its tiles do; nil where it does not.
    public var rim: Rim?
    /// How large a pixel of the canvas is; nil where the picture's own size is not known.
    public internal(set) var pixelSize: TiledPicture.PixelSize?

    /// Tiles at the right or bottom edge of a canvas that ends before they do: they are cut short, and made
    /// whole one by one.
    public struct Rim: Codable, Hashable, Sendable {
      /// How many pixels the canvas lacks.
      public var columns, rows: Int
      /// From the tile that is cut short to the whole one.
      public var steps: [PictureMap.Step]
    }

    public init(
      _ kind: Kind, steps: [PictureMap.Step], ground: [UInt8] = [0, 0, 0], columns: Int = 1,
      rows: Int = 1, tileColumns: Int, tileRows: Int, rim: Rim? = nil
    ) {
      (self.kind, self.steps, self.ground) = (kind, steps, ground)
      (self.columns, self.rows) = (columns, rows)
      (self.tileColumns, self.tileRows) = (tileColumns, tileRows)
      self.rim = rim
    }

    public var tiles: Int { columns * rows }
    /// Of the canvas, in pixels.
    public var width: Int { columns * tileColumns - (rim?.columns ?? 0) }
    public var height: Int { rows * tileRows - (rim?.rows ?? 0) }

    /// Whether the ground is no grey: a grey picture becomes one of three equal channels before it is laid
    /// on it.
    public var isColored: Bool { ground.contains { $0 != ground[0] } }

    /// From the canvas to one of its tiles, from 0; none where the canvas is the tile.
    public func steps(column: Int, row: Int) -> [PictureMap.Step] {
      guard tiles > 1 || rim != nil else { return [] }
      let inX = column * tileColumns..<min((column + 1) * tileColumns, width)
      let inY = row * tileRows..<min((row + 1) * tileRows, height)
      let isShort = inX.count < tileColumns || inY.count < tileRows
      return [.crop(columns: inX, rows: inY)] + (isShort ? rim?.steps ?? [] : [])
    }

    /// Lays a picture in the middle of a larger canvas, an odd pixel more of ground behind it; none where it
    /// fills the canvas.
    static func padding(
      columns: Int, rows: Int, to width: Int, _ height: Int
    ) -> [PictureMap.Step] {
      guard columns < width || rows < height else { return [] }
      let (left, top) = ((width - columns) / 2, (height - rows) / 2)
      return [
        .pad(left: left, top: top, right: width - columns - left, bottom: height - rows - top)
      ]
    }
  }

  public init(
    policy: String, _ picture: TiledPicture, canvases: [Canvas], tokens: Int,
    patches: PatchOrder? = nil
  ) {
    self.policy = policy
    (pictureColumns, pictureRows) = (picture.columns, picture.rows)
    self.canvases = canvases.map { canvas in
      var canvas = canvas
      canvas.pixelSize = picture.pixelSize(after: canvas.steps)
      return canvas
    }
    self.tokens = tokens
    self.patches = patches
  }

  /// The canvas that is cut.
  public var grid: Canvas { canvases.first { $0.kind == .grid } ?? canvases[0] }
  public var hasThumbnail: Bool { canvases.contains { $0.kind == .thumbnail } }
  /// Pictures that the encoder gets.
  public var tiles: Int { canvases.reduce(0) { $0 + $1.tiles } }
  /// How large a pixel of the grid is, across and down: policies that stretch make them differ. Nil where
  /// the picture's own size is not known.
  public var millimetresPerPixel: TiledPicture.PixelSize? { grid.pixelSize }
}

extension TileLayout {
  /// The way from the source of a picture, which is what `picture` leads to, to each tile in order.
  public func maps(of picture: PictureMap) -> [PictureMap] {
    precondition(picture.columns == pictureColumns && picture.rows == pictureRows)
    return canvases.flatMap { canvas in
      let whole = canvas.steps.reduce(picture) { $0.appending($1) }
      return (0..<canvas.rows).flatMap { row in
        (0..<canvas.columns).map { column in
          canvas.steps(column: column, row: row).reduce(whole) { $0.appending($1) }
        }
      }
    }
  }
}
