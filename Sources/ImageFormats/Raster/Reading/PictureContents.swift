import MedicalImaging

/// What one picture file holds, without its pixels.
public struct PictureContents: Sendable, Equatable {
  /// One picture of a file. Only a TIFF has several.
  public struct Page: Codable, Sendable, Hashable {
    /// What a page is to the others (TIFF 6.0, NewSubfileType).
    public enum Role: String, Codable, Sendable {
      /// A picture of its own.
      case picture
      /// A smaller version of another page.
      case reduced
      /// Which pixels of another page are to be seen.
      case mask
      /// The directory of the page cannot be read.
      case unreadable
    }

    /// Counted from 0, through all roles.
    public var index: Int
    /// As read: after turning it upright. 0 where it is unreadable.
    public var columns: Int
    public var rows: Int
    public var role: Role
    /// Nil where decoding alone tells, or where the page is of a kind that is not read.
    public var pixels: Pixels?

    public init(index: Int, columns: Int, rows: Int, role: Role, pixels: Pixels? = nil) {
      self.index = index
      self.columns = columns
      self.rows = rows
      self.role = role
      self.pixels = pixels
    }
  }

  /// What the pixels of a page are, once it is read.
  public struct Pixels: Codable, Sendable, Hashable {
    /// 1 (grey) or 3 (red, green, blue).
    public var channels: Int
    public var sample: Picture.Sample
    /// Bits of a sample that mean something; see `Picture.bits`.
    public var bits: Int

    public init(channels: Int, sample: Picture.Sample, bits: Int) {
      self.channels = channels
      self.sample = sample
      self.bits = bits
    }
  }

  public var format: PictureFormat
  /// In the order of the file; at least one.
  public var pages: [Page]
  /// What was odd about the file as a whole.
  public var findings: [InstanceHeader.Finding]

  public init(format: PictureFormat, pages: [Page], findings: [InstanceHeader.Finding] = []) {
    self.format = format
    self.pages = pages
    self.findings = findings
  }
}
