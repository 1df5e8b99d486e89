/// One ordinary picture (PNG, JPEG, TIFF, JPEG 2000) as its file holds it: upright, without
/// transparency, and otherwise unchanged.
public struct Picture: Sendable, Equatable {
  public typealias Sample = StoredPlane.Sample

  public var columns: Int
  public var rows: Int
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int
  /// The type of a sample.
  public var sample: Sample
  /// Bits of a sample that mean something, counted from the lowest: unsigned samples lie in
  /// 0...2^bits - 1. Grey of 1, 2 and 4 bits is spread over 8 and counts as 8.
  public var bits: Int
  /// Row by row from the top, samples of a pixel side by side: rows x columns x channels x
  /// sample.size.
  public var bytes: [UInt8]
  /// The embedded ICC profile of its colours, not applied; nil where there is none, or the picture is
  /// not of red, green and blue.
  public var colorProfile: [UInt8]?
  /// Which page of its file it is, counted from 0.
  public var page: Int
  /// How its file holds it: it has been turned upright.
  public var orientation = PlaneOrientation.upright
  /// What was odd about it, and how it was taken.
  public var findings: [InstanceHeader.Finding]

  public init(
    columns: Int, rows: Int, channels: Int, sample: Sample, bits: Int, bytes: [UInt8],
    colorProfile: [UInt8]? = nil, page: Int = 0, findings: [InstanceHeader.Finding] = []
  ) {
    precondition(columns > 0 && rows > 0 && (channels == 1 || channels == 3))
    precondition(bytes.count == columns * rows * channels * sample.size)
    self.columns = columns
    self.rows = rows
    self.channels = channels
    self.sample = sample
    self.bits = bits
    self.bytes = bytes
    self.colorProfile = colorProfile
    self.page = page
    self.findings = findings
  }
}
