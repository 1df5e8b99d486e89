import ImageFormats
import MedicalImaging
import Preprocessing

/// Cuts ordinary pictures (PNG, JPEG, TIFF, JPEG 2000) into tiles, in memory: what `gmai-prep tile` writes.
///
/// Pictures are read and shown as a conversion does it: upright, colours in sRGB and 8 bits, grey as stored;
/// of more than 8 bits in floating point.
///
///     let tiler = try PictureTiler(TileSettings(policy: "internvl"))
///     let source = try SourceBytes(path: "chest.png")
///     let page = try tiler.tiles(of: source)
///     if case .bytes(let tiles) = page.tiles { encoder.feed(tiles, page.layout.tokens) }
///
/// It reads whatever bytes it is given in the process that calls it: pictures of strangers are best left to
/// `TileExport`, which reads them in processes of their own.
public struct PictureTiler: Sendable {
  private let patcher: PicturePatcher
  private let pixelSize: TiledPicture.PixelSize?
  private let memoryLimit: Int

  /// - Parameter memoryLimit: bounds, in bytes, what decoding a picture takes, and what it takes on its way
  ///   to tiles.
  ///
  /// - Throws: `.tiling` where there is no such policy, or where its parameters make no rule.
  public init(_ settings: TileSettings, memoryLimit: Int = 1 << 30) throws(ImageError) {
    patcher = PicturePatcher(
      try settings.rule(), filter: settings.filter, memoryLimit: memoryLimit)
    pixelSize = settings.pixelSize.map { TiledPicture.PixelSize(width: $0, height: $0) }
    self.memoryLimit = memoryLimit
  }

  /// The pages of a source that are pictures of their own and of the first one's kind, counted from 0;
  /// only a TIFF has several. With them what was odd about the file.
  ///
  /// Throws what `PictureReader.instance` throws, and as `tiles`.
  public func pages(
    of source: SourceBytes, named name: String? = nil
  ) throws(ImageError) -> (pages: [Int], findings: [InstanceHeader.Finding]) {
    let head = source.head(ImageFormats.headCount)
    guard ImageFormats.recognise(head: head)?.role == .picture else { throw Self.refusal(head) }
    let header = try PictureReader.instance(of: source, named: name, memoryLimit: memoryLimit)
    return (header.pixels.pages, header.findings)
  }

  /// The tiles of a page.
  ///
  /// Throws what `PictureReader.read` throws; `.unsupportedPixels` for numbers of which nothing says which
  /// is white; `.tiling` for a size that the policy refuses; `.memory` where tiles would take more than the
  /// limit.
  public func tiles(of source: SourceBytes, page: Int = 0) throws(ImageError) -> TiledPage {
    let picture = try PictureReader.read(source, page: page, memoryLimit: memoryLimit)
    let tiled = try TiledPicture(
      columns: picture.columns, rows: picture.rows, pixelSize: pixelSize)
    let layout = try patcher.policy.layout(of: tiled)
    if picture.channels == 3 {
      let (bytes, findings) = try Self.colours(of: picture)
      let tiles = try patcher.tiles(of: bytes, by: layout)
      return TiledPage(page: page, layout: layout, tiles: .bytes(tiles), findings: findings)
    }
    guard !picture.sample.isFloat, !picture.sample.isSigned, picture.bits <= 16 else {
      throw Self.noWhite("grey")
    }
    let tiles: TiledPage.Tiles
    if picture.sample == .uint8 {
      let raster = Raster(
        columns: picture.columns, rows: picture.rows, channels: 1, samples: picture.bytes)
      tiles = .bytes(try patcher.tiles(of: raster, by: layout))
    } else if picture.sample == .uint16 {
      let raster = Raster(columns: picture.columns, rows: picture.rows, words: picture.bytes)
      tiles = .words(try patcher.tiles(of: raster, by: layout), white: 1 << picture.bits - 1)
    } else {
      throw Self.noWhite("grey")
    }
    return TiledPage(page: page, layout: layout, tiles: tiles, findings: picture.findings)
  }

  /// In sRGB, and of more than 8 bits scaled to these from all that its bits can hold.
  private static func colours(
    of picture: Picture
  ) throws(ImageError) -> (Raster<UInt8>, [InstanceHeader.Finding]) {
    guard !picture.sample.isFloat, !picture.sample.isSigned, picture.bits <= 32 else {
      throw noWhite("colours")
    }
    let shown = ColorTransform(profile: picture.colorProfile).applied(to: picture)
    var bytes = shown.bytes
    if shown.sample != .uint8 {
      let most = Double(1 << shown.bits - 1)
      guard let mapping = try? DisplayMapping(.range(low: 0, high: most)) else {
        throw noWhite("colours")
      }
      bytes = DisplayTable(
        sample: shown.sample, modality: .identity, padding: nil, mapping: mapping
      ).render(
        StoredPlane(
          columns: shown.columns, rows: shown.rows, samplesPerPixel: 3, sample: shown.sample,
          bytes: shown.bytes))
    }
    return (
      Raster(columns: shown.columns, rows: shown.rows, channels: 3, samples: bytes),
      shown.findings
    )
  }

  private static func noWhite(_ what: String) -> ImageError {
    ImageError(
      .unsupportedPixels,
      "The picture has \(what) with a sign, in floating point or of more bits than are shown.",
      remedy: "Save it again with 8 or 16 bits a sample and without a sign, or leave it out.")
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
