import ImageFormats
import MedicalImaging
import Preprocessing

/// What an encoder is to get of shown pictures: the layout of their tiles, and where the recipe has them
/// cut, the tiles.
struct PictureCutter {
  let isCut: Bool
  private let patcher: PicturePatcher

  /// A picture in memory as it is written.
  struct Picture {
    var bytes: [UInt8]
    var columns, rows: Int
    var layout: RasterLayout
  }

  /// Throws `.recipe` or `.tiling` for numbers that make no policy.
  init(_ recipe: Recipe, memoryLimit: Int) throws(ImageError) {
    isCut = recipe.tiles.write == .cut
    patcher = PicturePatcher(
      try recipe.tiling, filter: recipe.tiles.filter, memoryLimit: memoryLimit, range: 0...65_535)
  }

  /// Throws `.tiling` for a picture of which the policy makes no tiles.
  func layout(
    columns: Int, rows: Int, pixelSize: TiledPicture.PixelSize?, isSlide: Bool
  ) throws(ImageError) -> TileLayout {
    try patcher.policy.layout(
      of: TiledPicture(columns: columns, rows: rows, pixelSize: pixelSize, isSlide: isSlide))
  }

  /// The picture itself, or its tiles in the order of their layout. Grey of 16 bits is resized in floating
  /// point and rounded half up.
  func pictures(
    of picture: Picture, _ layout: TileLayout
  ) throws(ImageError) -> [Picture] {
    guard isCut else { return [picture] }
    switch picture.layout {
    case .grey8, .rgb8:
      let raster = Raster(
        columns: picture.columns, rows: picture.rows, channels: picture.layout.bytesPerPixel,
        samples: picture.bytes)
      return try patcher.tiles(of: raster, by: layout).map {
        Picture(
          bytes: $0.samples, columns: $0.columns, rows: $0.rows,
          layout: $0.channels == 1 ? .grey8 : .rgb8)
      }
    case .grey16:
      let raster = Raster(columns: picture.columns, rows: picture.rows, words: picture.bytes)
      return try patcher.tiles(of: raster, by: layout).map {
        // On a coloured ground it is grey no more.
        $0.channels == 1
          ? Picture(bytes: $0.words, columns: $0.columns, rows: $0.rows, layout: .grey16)
          : Picture(
            bytes: $0.octets(white: 65_535).samples, columns: $0.columns, rows: $0.rows,
            layout: .rgb8)
      }
    }
  }
}
