import MedicalImaging
import Preprocessing

/// What came of an export of tiles.
public struct TileReport: Sendable, Equatable {
  /// As it was named on the command line.
  public var folder: String
  /// Pictures whose tiles were written, in the order in which they were named.
  public var pictures: [Picture]
  /// Pictures that could not be used.
  public var rejected: [InspectionReport.RejectedSource]
  /// Files of named folders that are no ordinary picture.
  public var passedOver: Int

  /// Of all pictures.
  public var tiles: Int { pictures.flatMap(\.pages).reduce(0) { $0 + $1.tiles } }

  /// A picture's folder in the output.
  public struct Picture: Sendable, Equatable {
    /// Of the folder: the picture's without its extension.
    public var name: String
    /// At least one; only a TIFF has several.
    public var pages: [Page]
  }

  /// The tiles of a page.
  public struct Page: Codable, Sendable, Equatable {
    /// Below that of the picture; empty where it has one page alone.
    public var folder: String
    /// In pixels.
    public var columns, rows: Int
    /// Tiles of the grid.
    public var gridColumns, gridRows: Int
    public var hasThumbnail: Bool
    /// All of them.
    public var tiles: Int
    public var tokens: Int

    init(_ page: TiledPage, folder: String) {
      let layout = page.layout
      self.folder = folder
      (columns, rows) = (layout.pictureColumns, layout.pictureRows)
      (gridColumns, gridRows) = (layout.grid.columns, layout.grid.rows)
      hasThumbnail = layout.hasThumbnail
      tiles = layout.tiles
      tokens = layout.tokens
    }
  }
}
