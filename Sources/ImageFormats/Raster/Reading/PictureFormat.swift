import MedicalImaging

/// The kinds of ordinary pictures that are read, each known by its content alone.
public enum PictureFormat: String, Codable, Sendable, CaseIterable {
  case png, jpeg, tiff, jpeg2000

  /// The format that a source's first bytes are of (12 are enough); nil for any other.
  public init?(head: [UInt8]) {
    func begins(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
    if begins(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A) {
      self = .png
    } else if begins(0xFF, 0xD8, 0xFF) {
      self = .jpeg
    } else if begins(0x49, 0x49, 42, 0) || begins(0x4D, 0x4D, 0, 42)  // TIFF
      || begins(0x49, 0x49, 43, 0) || begins(0x4D, 0x4D, 0, 43)  // BigTIFF
    {
      self = .tiff
    } else if begins(0xFF, 0x4F, 0xFF, 0x51) || begins(0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20) {
      self = .jpeg2000
    } else {
      return nil
    }
  }

  /// The name for people.
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .tiff: "TIFF"
    case .jpeg2000: "JPEG 2000"
    }
  }

  /// What a file's name says against its content: a finding where the extension is that of another
  /// picture format, nil where it agrees, is missing, or is none of a picture.
  public func disagrees(withName name: String) -> InstanceHeader.Finding? {
    guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return nil }
    let end = name[name.index(after: dot)...].lowercased()
    guard let named = Self.extensions.first(where: { $0.names.contains(end) }),
      named.format != self
    else { return nil }
    return .init(
      "name_extension", "The name's extension is that of another format; the content was believed.")
  }

  /// Extensions by format; nil stands for formats that are not read.
  private static let extensions: [(format: PictureFormat?, names: Set<String>)] = [
    (.png, ["png", "apng"]),
    (.jpeg, ["jpg", "jpeg", "jpe", "jfif", "mpo"]),
    (.tiff, ["tif", "tiff", "btf", "svs", "ndpi", "scn"]),
    (.jpeg2000, ["jp2", "j2k", "j2c", "jpc", "jpf", "jpx"]),
    (nil, ["gif", "bmp", "webp", "avif", "heic", "jxl", "ppm", "pgm", "pbm", "pnm", "tga", "jls"]),
  ]
}
