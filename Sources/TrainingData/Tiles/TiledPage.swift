import ImageFormats
import MedicalImaging
import Preprocessing

/// The tiles of one page of an ordinary picture, in memory.
public struct TiledPage: Sendable {
  /// Which page of its file it is, from 0.
  public var page: Int
  /// How its tiles were made of it.
  public var layout: TileLayout
  /// In the order of the layout.
  public var tiles: Tiles
  /// What was odd about the picture, and how it was taken.
  public var findings: [InstanceHeader.Finding]

  public enum Tiles: Sendable {
    /// Grey or red, green, blue of 8 bits.
    case bytes([Raster<UInt8>])
    /// Grey of 9 to 16 bits, not rounded, and not held in what its bits can hold.
    case words([Raster<Float>])
  }

  /// Samples of a pixel: 1 grey, 3 red, green, blue.
  public var channels: Int {
    switch tiles {
    case .bytes(let tiles): tiles[0].channels
    case .words: 1
    }
  }
}

extension TiledPage {
  /// A tile as PNG: grey of 8 or 16 bits, or RGB of 8.
  func png(_ tile: Int, by encoder: PNGEncoder) throws(ImageError) -> [UInt8] {
    switch tiles {
    case .bytes(let tiles):
      let tile = tiles[tile]
      return try encoder.encode(
        tile.samples.span, columns: tile.columns, rows: tile.rows,
        layout: tile.channels == 1 ? .grey8 : .rgb8)
    case .words(let tiles):
      let tile = tiles[tile]
      return try encoder.encode(
        tile.words.span, columns: tile.columns, rows: tile.rows, layout: .grey16)
    }
  }
}
