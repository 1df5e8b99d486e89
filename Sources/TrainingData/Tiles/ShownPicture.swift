import ImageFormats
import MedicalImaging
import Preprocessing

/// One page of an ordinary picture as a conversion shows it: upright, colours in sRGB and 8 bits, grey as
/// stored.
public struct ShownPicture: Sendable {
  /// Which page of its file it is, from 0.
  public var page: Int
  /// Its pixels.
  public var samples: Samples
  /// What was odd about it, and how it was taken.
  public var findings: [InstanceHeader.Finding]

  public enum Samples: Sendable {
    /// Grey or red, green, blue of 8 bits.
    case bytes(Raster<UInt8>)
    /// Grey of 9 to 16 bits as stored; `white` is the largest value that these can hold.
    case words(Raster<Float>, white: Int)
  }

  /// Throws `.unsupportedPixels` for numbers of which nothing says which is white.
  init(_ picture: Picture) throws(ImageError) {
    (page, findings) = (picture.page, picture.findings)
    guard !picture.sample.isFloat, !picture.sample.isSigned,
      picture.bits <= (picture.channels == 3 ? 32 : 16)
    else { throw Self.noWhite }
    if picture.channels == 3 {
      let shown = ColorTransform(profile: picture.colorProfile).applied(to: picture)
      findings = shown.findings
      samples = .bytes(
        Raster(
          columns: shown.columns, rows: shown.rows, channels: 3, samples: try Self.octets(shown)))
    } else if picture.sample == .uint8 {
      samples = .bytes(
        Raster(
          columns: picture.columns, rows: picture.rows, channels: 1, samples: picture.bytes))
    } else {
      samples = .words(
        Raster(columns: picture.columns, rows: picture.rows, words: picture.bytes),
        white: 1 << picture.bits - 1)
    }
  }

  /// Colours of more than 8 bits scaled to these from all that their bits can hold.
  private static func octets(_ picture: Picture) throws(ImageError) -> [UInt8] {
    guard picture.sample != .uint8 else { return picture.bytes }
    let most = Double(1 << picture.bits - 1)
    guard let mapping = try? DisplayMapping(.range(low: 0, high: most)) else { throw noWhite }
    let plane = StoredPlane(
      columns: picture.columns, rows: picture.rows, samplesPerPixel: 3, sample: picture.sample,
      bytes: picture.bytes)
    return DisplayTable(
      sample: plane.sample, modality: .identity, padding: nil, mapping: mapping
    ).render(plane)
  }

  private static let noWhite = ImageError(
    .unsupportedPixels,
    "The picture has numbers with a sign, in floating point or of more bits than are shown.",
    remedy: "Save it again with 8 or 16 bits a sample and without a sign, or leave it out.")
}
