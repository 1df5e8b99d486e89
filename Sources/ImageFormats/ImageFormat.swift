import MedicalImaging

/// A kind of file, known by its content and never by its name.
public struct ImageFormat: Sendable {
  /// What becomes of a file of this kind.
  public enum Role: Hashable, Sendable {
    /// It is DICOM, and read.
    case dicom
    /// It is a volume of NIfTI or Analyze, and read.
    case volume
    /// It is an ordinary picture, and read where the recipe wants such.
    case picture
    /// It holds other sources.
    case archive(ArchiveKind)
    /// It claims to be a medical picture and is not read: a reject.
    case refused
    /// It is no medical picture by content; the word under which it is counted.
    case leftOut(String)
  }

  /// The name for people.
  public let name: String
  public let role: Role
  /// Whether a file's first bytes are this format's: at most `ImageFormats.headCount` of them.
  public let recognises: @Sendable (_ head: [UInt8]) -> Bool
}

/// THE table of what files there are: a format is added here, and nowhere else.
public enum ImageFormats {
  /// How many first bytes `recognise` wants.
  public static let headCount = 1024

  /// The rows; the first that recognises a head has it.
  public static let all: [ImageFormat] = [
    ImageFormat(name: "DICOM", role: .dicom) { DICOMReader.recognises(head: $0) },
    // Before archives: a volume may be in gzip. No magic word of theirs begins as these do.
    ImageFormat(name: "NIfTI or Analyze", role: .volume) { NIfTIReader.recognises(head: $0) },
    ImageFormat(name: "zip", role: .archive(.zip)) { ArchiveKind.recognise(head: $0) == .zip },
    ImageFormat(name: "tar", role: .archive(.tar)) { ArchiveKind.recognise(head: $0) == .tar },
    ImageFormat(name: "compressed file", role: .archive(.compressed)) {
      ArchiveKind.recognise(head: $0) == .compressed
    },
    ImageFormat(name: "NRRD", role: .refused) { $0.starts(with: "NRRD000".utf8) },
    ImageFormat(name: "MetaImage", role: .refused) { $0.starts(with: "ObjectType = Image".utf8) },
    ImageFormat(name: "PNG", role: .picture) { PictureFormat(head: $0) == .png },
    ImageFormat(name: "JPEG", role: .picture) { PictureFormat(head: $0) == .jpeg },
    ImageFormat(name: "JPEG 2000", role: .picture) { PictureFormat(head: $0) == .jpeg2000 },
    ImageFormat(name: "TIFF", role: .picture) { PictureFormat(head: $0) == .tiff },
    ImageFormat(name: "GIF", role: .leftOut("picture")) { $0.starts(with: "GIF8".utf8) },
    ImageFormat(name: "BMP", role: .leftOut("picture")) { head in
      // A bitmap file header has four zero bytes at 6; text does not.
      head.starts(with: "BM".utf8) && head.count > 26 && head[6..<10].allSatisfy { $0 == 0 }
    },
    ImageFormat(name: "program", role: .leftOut("program")) { head in
      head.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        || (head.starts(with: "MZ".utf8) && head.count > 64)
    },
    ImageFormat(name: "PDF", role: .leftOut("document")) { $0.starts(with: "%PDF-".utf8) },
    ImageFormat(name: "text", role: .leftOut("text")) { isText($0) },
  ]

  /// The row that has a file's first bytes; nil for what is none of them.
  public static func recognise(head: [UInt8]) -> ImageFormat? {
    all.first { $0.recognises(head) }
  }

  /// The word for what is in a gzip file, by its first bytes, where it is no medical picture: a table,
  /// a text. Nil where it may be one, and where nothing can be told.
  public static func leftOut(inGzip head: [UInt8]) -> String? {
    guard GzipStream.recognises(head: head), let bytes = try? SourceBytes(head),
      let plain = try? PlainBytes(bytes).copy(at: 0, count: headCount)
    else { return nil }
    switch recognise(head: plain)?.role {
    case nil: return "other"
    case .leftOut(let kind): return kind
    default: return nil
    }
  }

  /// No control characters but white space: UTF-8, or an eight-bit code.
  private static func isText(_ head: [UInt8]) -> Bool {
    !head.isEmpty && head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
  }
}
