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
  /// How large a pixel of the grid is; nil where the picture's own size is not known.
  public var millimetresPerPixel: Double?
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
    /// What the padding among the steps shows, of each channel; of a grey picture the first.
    public var ground: [UInt8]
    /// Tiles.
    public var columns, rows: Int
    /// Of a tile, in pixels.
    public var tileColumns, tileRows: Int

    public init(
      _ kind: Kind, steps: [PictureMap.Step], ground: [UInt8] = [0, 0, 0], columns: Int = 1,
      rows: Int = 1, tileColumns: Int, tileRows: Int
    ) {
      (self.kind, self.steps, self.ground) = (kind, steps, ground)
      (self.columns, self.rows) = (columns, rows)
      (self.tileColumns, self.tileRows) = (tileColumns, tileRows)
    }

    public var tiles: Int { columns * rows }
  }

  public init(
    policy: String, _ picture: TiledPicture, canvases: [Canvas], tokens: Int,
    millimetresPerPixel: Double? = nil, patches: PatchOrder? = nil
  ) {
    self.policy = policy
    (pictureColumns, pictureRows) = (picture.columns, picture.rows)
    self.canvases = canvases
    self.tokens = tokens
    self.millimetresPerPixel = millimetresPerPixel
    self.patches = patches
  }

  /// The canvas that is cut.
  public var grid: Canvas { canvases.first { $0.kind == .grid } ?? canvases[0] }
  public var hasThumbnail: Bool { canvases.contains { $0.kind == .thumbnail } }
  /// Pictures that the encoder gets.
  public var tiles: Int { canvases.reduce(0) { $0 + $1.tiles } }
}

extension TileLayout {
  /// The way from the source of a picture, which is what `picture` leads to, to each tile in order.
  public func maps(of picture: PictureMap) -> [PictureMap] {
    precondition(picture.columns == pictureColumns && picture.rows == pictureRows)
    return canvases.flatMap { canvas in
      var whole = picture
      for step in canvas.steps { whole.append(step) }
      guard canvas.tiles > 1 else { return [whole] }
      return (0..<canvas.rows).flatMap { row in
        (0..<canvas.columns).map { column in
          whole.appending(
            .crop(
              columns: column * canvas.tileColumns..<(column + 1) * canvas.tileColumns,
              rows: row * canvas.tileRows..<(row + 1) * canvas.tileRows))
        }
      }
    }
  }
}
