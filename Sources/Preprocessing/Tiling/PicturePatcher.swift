import MedicalImaging

/// Cuts pictures into what an encoder gets: the one code path of `gmai-prep tile`, of data sets whose
/// tiles are cut, and of programs that import this.
public struct PicturePatcher: Sendable {
  public let policy: any TilingPolicy
  public let filter: ResizeFilter
  /// Bytes that a picture may take on its way, its own left out.
  public let memoryLimit: Int

  public init(
    _ policy: any TilingPolicy, filter: ResizeFilter = .bicubic, memoryLimit: Int = .max
  ) {
    self.policy = policy
    self.filter = filter
    self.memoryLimit = memoryLimit
  }

  /// The tiles of a picture in the order of its layout.
  ///
  /// Throws `.tiling` for a size that the policy refuses, and `.memory` where the picture on its way
  /// would take more than the limit.
  public func tiles<Sample: PatchedSample>(
    of raster: Raster<Sample>, pixelSize: TiledPicture.PixelSize? = nil
  ) throws(ImageError) -> TiledRaster<Sample> {
    let layout = try policy.layout(
      of: TiledPicture(columns: raster.columns, rows: raster.rows, pixelSize: pixelSize))
    return TiledRaster(layout: layout, tiles: try tiles(of: raster, by: layout))
  }

  /// The tiles of a picture by a layout that was made of its size.
  public func tiles<Sample: PatchedSample>(
    of raster: Raster<Sample>, by layout: TileLayout
  ) throws(ImageError) -> [Raster<Sample>] {
    precondition(raster.columns == layout.pictureColumns && raster.rows == layout.pictureRows)
    return layout.canvases.flatMap { canvas in
      let whole = canvas.steps.reduce(raster) { $0.after($1, filter, ground: canvas.ground) }
      return (0..<canvas.rows).flatMap { row in
        (0..<canvas.columns).map { column in
          canvas.steps(column: column, row: row).reduce(whole) {
            $0.after($1, filter, ground: canvas.ground)
          }
        }
      }
    }
  }
}

/// A picture's tiles, in the order of their layout.
public struct TiledRaster<Sample: PatchedSample>: Sendable {
  public var layout: TileLayout
  public var tiles: [Raster<Sample>]
}

/// Samples that can be resized and laid on a ground.
public protocol PatchedSample: RasterSample {
  static func resized(
    _ samples: [Self], channels: Int, by resize: PictureResize
  ) -> [Self]
  /// The sample that shows a ground given in 8 bits.
  static func ground(_ byte: UInt8) -> Self
}

extension UInt8: PatchedSample {
  public static func resized(
    _ samples: [UInt8], channels: Int, by resize: PictureResize
  ) -> [UInt8] { resize(samples, channels: channels) }

  public static func ground(_ byte: UInt8) -> UInt8 { byte }
}

extension Float: PatchedSample {
  public static func resized(
    _ samples: [Float], channels: Int, by resize: PictureResize
  ) -> [Float] { resize(samples, channels: channels) }

  public static func ground(_ byte: UInt8) -> Float { Float(byte) }
}

extension Raster where Sample: PatchedSample {
  /// The picture after a step of its way to a canvas.
  func after(
    _ step: PictureMap.Step, _ filter: ResizeFilter, ground: [UInt8]
  ) -> Raster {
    switch step {
    case .resize(let columns, let rows):
      let resize = PictureResize(
        columns: self.columns, rows: self.rows, toColumns: columns, toRows: rows, filter: filter)
      return Raster(
        columns: columns, rows: rows, channels: channels,
        samples: Sample.resized(samples, channels: channels, by: resize))
    case .crop(let columns, let rows): return cropped(columns: columns, rows: rows)
    case .pad(let left, let top, let right, let bottom):
      let pixel = (0..<channels).map { Sample.ground(ground[min($0, ground.count - 1)]) }
      return padded(left: left, top: top, right: right, bottom: bottom, with: pixel)
    case .mirror, .flip, .transpose: preconditionFailure("no layout turns a picture")
    }
  }
}
