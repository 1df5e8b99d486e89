import ImageFormats
import MedicalImaging
import Preprocessing

/// Cuts ordinary pictures (PNG, JPEG, TIFF, JPEG 2000) into tiles, in memory: what `gmai-prep tile` writes.
///
/// Pictures are read and shown as a conversion does it: upright, colours in sRGB and 8 bits, grey as stored;
/// of more than 8 bits in floating point.
///
///     let tiler = try PictureTiler(TileSettings(policy: "internvl"))
///     let picture = try tiler.picture(of: SourceBytes(path: "chest.png"))
///     let values = try tiler.pixelValues(of: picture)
///     unsafe values.pixels.bytes.withUnsafeBytes { unsafe encoder.feed($0, values.pixels.shape) }
///
/// It reads whatever bytes it is given in the process that calls it: pictures of strangers are best left to
/// `TileExport`, which reads them in processes of their own.
public struct PictureTiler: Sendable {
  private let settings: TileSettings
  private let policy: any TilingPolicy
  private let pixelSize: TiledPicture.PixelSize?
  private let memoryLimit: Int

  /// - Parameter memoryLimit: bounds, in bytes, what decoding a picture takes, and what it takes on its way
  ///   to tiles.
  ///
  /// - Throws: `.tiling` where there is no such policy, or where its parameters make no rule.
  public init(_ settings: TileSettings, memoryLimit: Int = 1 << 30) throws(ImageError) {
    self.settings = settings
    policy = try settings.rule()
    pixelSize = settings.pixelSize.map { TiledPicture.PixelSize(width: $0, height: $0) }
    self.memoryLimit = memoryLimit
  }

  /// Those of the policy's own model.
  var statistics: PixelStatistics { type(of: policy).statistics }

  /// The pages of a source that are pictures of their own and of the first one's kind, counted from 0;
  /// only a TIFF has several. With them what was odd about the file.
  ///
  /// Throws what `PictureReader.instance` throws, and `.unsupportedFormat` for medical images and archives.
  public func pages(
    of source: SourceBytes, named name: String? = nil
  ) throws(ImageError) -> (pages: [Int], findings: [InstanceHeader.Finding]) {
    let head = source.head(ImageFormats.headCount)
    guard ImageFormats.recognise(head: head)?.role == .picture else { throw Self.refusal(head) }
    let header = try PictureReader.instance(of: source, named: name, memoryLimit: memoryLimit)
    return (header.pixels.pages, header.findings)
  }

  /// A page of a source.
  ///
  /// Throws what `PictureReader.read` throws, and `.unsupportedPixels` for numbers of which nothing says
  /// which is white.
  public func picture(
    of source: SourceBytes, page: Int = 0
  ) throws(ImageError) -> ShownPicture {
    try ShownPicture(PictureReader.read(source, page: page, memoryLimit: memoryLimit))
  }

  /// The tiles of a picture. On a coloured ground grey becomes colours, which have 8 bits.
  ///
  /// Throws `.tiling` for a size that the policy refuses; `.memory` where tiles would take more than the
  /// limit.
  public func tiles(of picture: ShownPicture) throws(ImageError) -> TiledPage {
    switch picture.samples {
    case .bytes(let raster):
      let tiled = try patcher().tiles(of: raster, pixelSize: pixelSize)
      return TiledPage(
        page: picture.page, layout: tiled.layout, tiles: .bytes(tiled.tiles),
        findings: picture.findings)
    case .words(let raster, let white):
      let tiled = try patcher(white: Float(white)).tiles(of: raster, pixelSize: pixelSize)
      let isGrey = tiled.tiles[0].channels == 1
      return TiledPage(
        page: picture.page, layout: tiled.layout,
        tiles: isGrey ? .words(tiled.tiles) : .bytes(tiled.tiles.map { $0.octets(white: white) }),
        findings: picture.findings)
    }
  }

  /// A picture as the encoder takes it: float32, channels first, by the statistics of the policy's own
  /// model, unless a form is given. Grey of 16 bits is brought to 0...1 before it is resized.
  ///
  /// Throws as `tiles`.
  public func pixelValues(
    of picture: ShownPicture, as form: TensorForm? = nil
  ) throws(ImageError) -> PixelValues {
    switch picture.samples {
    case .bytes(let raster):
      return try patcher().pixelValues(of: raster, as: form, pixelSize: pixelSize)
    case .words(let raster, let white):
      return try patcher().pixelValues(
        of: raster.fractions(white: white), as: form, pixelSize: pixelSize)
    }
  }

  private func patcher(white: Float = 1) -> PicturePatcher {
    PicturePatcher(policy, filter: settings.filter, memoryLimit: memoryLimit, range: 0...white)
  }

  /// Why something is no ordinary picture.
  private static func refusal(_ head: [UInt8]) -> ImageError {
    switch ImageFormats.recognise(head: head)?.role {
    case .dicom, .volume:
      ImageError(
        .unsupportedFormat,
        "It is a medical image, and which values are black and white is to be chosen.",
        remedy:
          "Write its slices by `gmai-prep slice` and tile those, or convert it with tiles.write cut."
      )
    case .archive:
      ImageError(
        .unsupportedFormat, "It is an archive.",
        remedy: "Unpack it and name the pictures, or convert it.")
    default:
      ImageError(
        .unsupportedFormat, "The source is no PNG, JPEG, TIFF or JPEG 2000 picture.",
        remedy: "Save it again as PNG, or leave it out.")
    }
  }
}
