import MedicalImaging

/// What a file may be by its own words, before OpenSlide is asked and whether or not it is installed.
///
/// Pages of a slide may be its label and its overview: what claims to be one is never an ordinary
/// picture.
public enum SlideClaim: Hashable, Sendable {
  /// No slide of a microscope's maker.
  case none
  /// A TIFF in which no maker is named.
  case tiff
  /// A data base (SQLite), as Sakura's slides are.
  case database
  /// A TIFF in which a maker is named, or that holds a label or an overview.
  case slide
  /// The file by which a slide of several files is opened: MIRAX, Hamamatsu VMS and VMU.
  case several

  /// `name` is the file's, or that of the member of an archive: of a MIRAX slide nothing else tells.
  public init(_ bytes: SourceBytes, named name: String) {
    let head = bytes.head(ImageFormats.headCount)
    self = Self.begins(head)
    if self == .tiff {
      if TIFFSlideWords.found(in: bytes) { self = .slide }
    } else if name.lowercased().hasSuffix(".mrxs") || SlideKeyFile.recognises(head: head) {
      self = .several
    }
  }

  /// What the first bytes say alone: `tiff`, `database` or `none`.
  public static func begins(_ head: [UInt8]) -> SlideClaim {
    if PictureFormat(head: head) == .tiff { return .tiff }
    return head.starts(with: "SQLite format 3\0".utf8) ? .database : .none
  }
}

/// The words by which a TIFF tells that it is a slide.
enum TIFFSlideWords {
  /// More directories than a file of pictures has.
  private static let mostDirectories = 65_536
  /// What makers say of themselves stands at the beginning of a field.
  private static let longest = 1 << 16

  /// Whether a directory of the file names a maker, a label or an overview. False where it is no TIFF.
  static func found(in bytes: SourceBytes) -> Bool {
    guard let file = TIFFDirectory.File(bytes) else { return false }
    var at = file.first
    var seen: Set<Int> = []
    while at != 0, seen.count < mostDirectories, seen.insert(at).inserted,
      let directory = TIFFDirectory(file, at: at)
    {
      if names(directory) { return true }
      at = directory.next ?? 0
    }
    return false
  }

  /// As the other, of the directories at these offsets alone.
  static func found(in bytes: SourceBytes, at offsets: [Int]) -> Bool {
    guard let file = TIFFDirectory.File(bytes) else { return false }
    return offsets.contains { TIFFDirectory(file, at: $0).map(names) ?? false }
  }

  private static func names(_ directory: TIFFDirectory) -> Bool {
    if directory.has(.hamamatsu) { return true }
    let description = directory.text(.description, longest: longest)
    let software = directory.text(.software, longest: longest)
    return makers.contains { $0(description, software) }
      || directory.text(.xml, longest: longest).contains("iScan")  // Ventana
      || isBeside(description)
  }

  private static let makers: [@Sendable (_ text: String, _ software: String) -> Bool] = [
    { text, _ in text.hasPrefix("Aperio") },
    { text, _ in text.contains("leica-microsystems.com/scn/") },
    { text, _ in text.contains("DPUfsImport") },  // Philips
    { text, software in software.hasPrefix("Philips") && text.contains("DataObject") },
    { _, software in software.hasPrefix("MedScan") },  // Trestle
    { text, _ in text.contains("PerkinElmer-QPI-ImageDescription") },  // Akoya
  ]

  /// Whether the page is a label or an overview, or the file says that it holds one: as Philips, Ventana
  /// and converters to tiled TIFF call them, and Bio-Formats in the XML of OME-TIFF.
  private static func isBeside(_ description: String) -> Bool {
    let words = description.lowercased().drop(while: \.isWhitespace)
    let isPage = ["label", "macro"].contains { word in
      words.hasPrefix(word) && words.dropFirst(word.count).first?.isLetter != true
    }
    return isPage
      || words.contains("<ome")
        && ["label", "macro", "label image", "macro image"].contains {
          words.contains("name=\"\($0)\"")
        }
  }
}
