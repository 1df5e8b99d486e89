import MedicalImaging

/// The numbers of a tiling policy. A policy takes those that it knows; nil is what its own model has.
public struct TilingParameters: Codable, Hashable, Sendable {
  /// Side of a tile in pixels, 28 to 8,192; of all policies but `smart-resize`.
  public var tileSize: Int?
  /// `internvl`: tiles of the grid at least, from 1.
  public var minTiles = 1
  /// `internvl`, `physical`: tiles of the grid at most, up to 256 and not below `minTiles`.
  public var maxTiles = 12
  /// `internvl`, `physical`: the whole picture as one more tile where the grid has several.
  public var thumbnail = true
  /// `anyres`: 1 to 256 sizes of the grid to choose from, each height and width in pixels, of 1 to 256 whole
  /// tiles.
  public var pinpoints: [[Int]]?
  /// `smart-resize`: what both sides become multiples of, in pixels; an even number from 8 to 256.
  public var factor: Int?
  /// `smart-resize`: pixels of the resized picture, from 1 to 1,000,000,000, the least not above the most.
  public var minPixels, maxPixels: Int?
  /// `physical`: edge of a tile in millimetres, 0.01 to 10,000.
  public var edgeMillimetres: Double?
  /// `physical`: edge of a tile of a slide in micrometres, 1 to 1,000,000.
  public var edgeMicrons: Double?

  /// What each policy's own model has.
  public init() {}
}

extension TilingParameters {
  /// Side of a tile in pixels.
  ///
  /// Throws `.tiling` unless it has 28 to 8,192, and a whole number of `unit`.
  func side(_ standard: Int, multipleOf unit: Int = 1) throws(ImageError) -> Int {
    let side = tileSize ?? standard
    guard (28...8192).contains(side) else {
      throw ImageError(.tiling, "A tile has 28 to 8192 pixels a side, not \(side).")
    }
    guard side.isMultiple(of: unit) else {
      throw ImageError(
        .tiling, "A tile of this policy has a multiple of \(unit) pixels a side, not \(side).")
    }
    return side
  }

  /// Tiles of a grid.
  ///
  /// Throws `.tiling` unless 1 <= min <= max <= 256.
  var tiles: ClosedRange<Int> {
    get throws(ImageError) {
      guard minTiles >= 1, minTiles <= maxTiles, maxTiles <= 256 else {
        throw ImageError(
          .tiling, "Tiles go from 1 at least to 256 at most, not from \(minTiles) to \(maxTiles).")
      }
      return minTiles...maxTiles
    }
  }
}
