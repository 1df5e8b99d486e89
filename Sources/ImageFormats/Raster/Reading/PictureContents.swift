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

    public init(index: Int, columns: Int, rows: Int, role: Role) {
      self.index = index
      self.columns = columns
      self.rows = rows
      self.role = role
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
