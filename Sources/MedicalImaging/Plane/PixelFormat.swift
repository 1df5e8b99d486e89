/// How one frame's samples are laid out: the Image Pixel module (PS3.3 C.7.6.3).
public struct PixelFormat: Codable, Hashable, Sendable {
  public var rows: Int
  public var columns: Int
  /// 1 or 3; anything else is refused when pixels are asked for.
  public var samplesPerPixel: Int
  public var photometric: PhotometricInterpretation
  /// 0: samples of a pixel side by side; 1: one plane a sample.
  public var planarConfiguration: Int
  /// 1, 8, 16 or 32; of floating-point pixels 32 or 64.
  public var bitsAllocated: Int
  public var bitsStored: Int
  public var highBit: Int
  public var isSigned: Bool
  /// Whether it is Float or Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25).
  public var isFloat: Bool
  /// Whether an overlay lies in bits of the words that Bits Stored leaves out (PS3.3 C.9.2, retired):
  /// an encoder may have taken it for a part of the samples.
  public var hasEmbeddedOverlay = false

  public init(
    rows: Int, columns: Int, samplesPerPixel: Int, photometric: PhotometricInterpretation,
    planarConfiguration: Int, bitsAllocated: Int, bitsStored: Int, highBit: Int, isSigned: Bool,
    isFloat: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.samplesPerPixel = samplesPerPixel
    self.photometric = photometric
    self.planarConfiguration = planarConfiguration
    self.bitsAllocated = bitsAllocated
    self.bitsStored = bitsStored
    self.highBit = highBit
    self.isSigned = isSigned
    self.isFloat = isFloat
  }
}

/// Photometric Interpretation, by its defined terms (PS3.3 C.7.6.3.1.2).
public enum PhotometricInterpretation: String, Codable, Sendable {
  case monochrome1 = "MONOCHROME1"
  case monochrome2 = "MONOCHROME2"
  case paletteColor = "PALETTE COLOR"
  case rgb = "RGB"
  case ybrFull = "YBR_FULL"
  case ybrFull422 = "YBR_FULL_422"
  case ybrICT = "YBR_ICT"
  case ybrRCT = "YBR_RCT"
  /// A term that is none of these.
  case other = ""

  public var isGrey: Bool { self == .monochrome1 || self == .monochrome2 }
}
