/// The numbers of a tiling policy. A policy takes those that it knows; nil is what its own model has.
public struct TilingParameters: Codable, Hashable, Sendable {
  /// Side of a tile in pixels.
  public var tileSize: Int?
  /// `internvl`, `physical`: tiles of the grid.
  public var minTiles = 1
  public var maxTiles = 12
  /// `internvl`, `physical`: the whole picture as one more tile where the grid has several.
  public var thumbnail = true

  public init() {}
}
