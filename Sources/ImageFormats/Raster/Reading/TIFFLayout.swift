import CTIFF
import MedicalImaging

/// What the samples of a TIFF page are, and which of them are taken.
struct TIFFLayout {
  enum Colour { case grey, whiteIsZero, rgb, palette, inks, converted }
  enum Alpha { case none, straight, associated }

  let page: ctiff_page
  let columns: Int
  let rows: Int
  /// Samples of a pixel as they are stored.
  let samples: Int
  let colour: Colour
  let alpha: Alpha
  /// Which samples are taken: the colours, and behind them the transparency.
  let picks: [Int]
  let sample: Picture.Sample
  /// Bits of a stored sample.
  let bits: Int
  let isPlanar: Bool
  private(set) var findings: [InstanceHeader.Finding] = []

  /// Throws `.unsupportedPixels` or `.damagedHeader`.
  init(_ page: ctiff_page) throws(ImageError) {
    self.page = page
    (columns, rows) = (Int(page.columns), Int(page.rows))
    (samples, bits) = (Int(page.samples), Int(page.bits))
    isPlanar = page.planar == 2
    guard columns > 0, rows > 0, samples > 0, bits > 0 else {
      throw .picture(.damagedHeader, "The page's directory in the TIFF contradicts itself.")
    }
    colour = try Self.colour(page)
    if page.photometric < 0 {
      findings.append(
        .init(
          "photometric_interpretation",
          "Photometric Interpretation is missing; taken from the number of samples."))
    }
    let count = Self.count(colour)
    guard samples >= count || colour == .converted else {
      throw .picture(.damagedHeader, "The page of the TIFF has too few samples for its colours.")
    }
    let extra = max(samples - count, 0)
    guard extra <= 4, colour != .grey && colour != .whiteIsZero || extra <= 1 else {
      throw .unread("The page of the TIFF has channels that are no colours.")
    }
    let (alpha, place) = Self.alpha(page, extra: extra, colour)
    self.alpha = alpha
    picks = Array(0..<count) + (alpha == .none ? [] : [count + place])
    if extra > (alpha == .none ? 0 : 1) {
      findings.append(
        .init("extra_samples", "Samples that are neither colours nor transparency were left out."))
    }
    sample = try Self.sample(page)
    if colour == .palette || colour == .inks {
      let most = colour == .palette ? 8 : 16
      guard !sample.isSigned, !sample.isFloat, bits <= most,
        colour == .palette || bits == 8 || bits == 16
      else {
        throw .unread("The colours of the TIFF's page have a number of bits that is not read.")
      }
    }
    if colour == .whiteIsZero && (sample.isSigned || sample.isFloat) {
      findings.append(
        .init("white_is_zero", "Small values stand for white; values with a sign were left so."))
    }
  }

  /// Colour samples of a pixel.
  private static func count(_ colour: Colour) -> Int {
    switch colour {
    case .grey, .whiteIsZero, .palette: 1
    case .rgb, .converted: 3
    case .inks: 4
    }
  }

  /// Of Photometric Interpretation and the codec. Throws `.unsupportedPixels`.
  private static func colour(_ page: ctiff_page) throws(ImageError) -> Colour {
    // Old-style JPEG (TIFF 6.0, section 22) is read by libtiff's own conversion alone.
    if page.compression == 6 { return .converted }
    switch page.photometric {
    case -1: return page.samples >= 3 ? .rgb : .grey
    case 0: return .whiteIsZero
    // 4: a mask is bilevel grey.
    case 1, 4: return .grey
    case 2: return .rgb
    case 3: return .palette
    case 5:
      guard page.ink_set == 1 else {
        throw .unread("The inks of the TIFF's page are not cyan, magenta, yellow and black.")
      }
      return .inks
    case 6:
      if page.samples == 1 { return .grey }
      // JPEG comes out of libtiff as red, green and blue.
      if page.compression == 7 && page.planar == 1 { return .rgb }
      guard page.bits == 8 else {
        throw .unread("The TIFF has luminance and chrominance of other than 8 bits.")
      }
      return .converted
    case 8, 9, 10: throw .unread("The TIFF has colours in a Lab space.")
    case 32844, 32845: throw .unread("The TIFF has luminance in logarithms.")
    default: throw .unread("The TIFF has a colour model that is not read.")
    }
  }

  /// The kind of the transparency sample and its place behind the colours.
  private static func alpha(_ page: ctiff_page, extra: Int, _ colour: Colour) -> (Alpha, Int) {
    guard extra > 0, colour != .converted else { return (.none, 0) }
    // Four samples in RGB, and no word about the fourth: everyone takes it for transparency.
    if page.extra_count == 0 { return colour == .rgb && extra == 1 ? (.straight, 0) : (.none, 0) }
    let said = page.extra
    let kinds = [said.0, said.1, said.2, said.3].prefix(min(extra, Int(page.extra_count)))
    guard let place = kinds.firstIndex(where: { $0 == 1 || $0 == 2 }) else { return (.none, 0) }
    return (kinds[place] == 1 ? .associated : .straight, place)
  }

  /// The type that a stored sample becomes. Throws `.unsupportedPixels`.
  private static func sample(_ page: ctiff_page) throws(ImageError) -> Picture.Sample {
    switch (page.sample_format, page.bits) {
    // 4: undefined, read as what most files hold.
    case (1, 1...8), (4, 1...8): return .uint8
    case (1, 9...16), (4, 9...16): return .uint16
    case (1, 17...32), (4, 17...32): return .uint32
    case (2, 8): return .int8
    case (2, 16): return .int16
    case (2, 32): return .int32
    // Half precision is widened, exactly.
    case (3, 16), (3, 32): return .float32
    case (3, 64): return .float64
    case (5, _), (6, _): throw .unread("The TIFF has complex numbers.")
    default: throw .unread("The samples of the TIFF have a number of bits that is not read.")
    }
  }

  /// What the pixels are once they are read: palettes and inks are colours by then, and grey of few
  /// bits is spread over eight.
  var pixels: PictureContents.Pixels {
    let isGrey = colour == .grey || colour == .whiteIsZero
    let isBytes =
      colour == .converted || colour == .palette
      || isGrey && sample == .uint8 && PictureBits.isSpread(bits)
    return .init(
      channels: isGrey ? 1 : 3, sample: colour == .converted ? .uint8 : sample,
      bits: isBytes ? 8 : sample.isFloat ? 8 * sample.size : bits)
  }

  /// Whether samples lie in a decoded block as they will in memory.
  var isNative: Bool { bits == 8 * sample.size }
}
