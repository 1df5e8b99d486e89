import ImageFormats
import MedicalImaging
import Preprocessing

/// What the headers of one series say that names nobody: coded words and numbers, no free text, no
/// UID of the series, no date.
public struct SeriesSummary: Sendable, Equatable {
  public var modality: ModalityName
  /// Modality's defined term; nil where the header has another.
  public var dicomModality: String?
  /// Regions of the body, each once, in words; empty where no header has a known term.
  public var bodyRegions: [String]
  /// Files, or members of archives.
  public var images: Int
  public var bytes: Int
  /// How pixels are laid out, the most frequent first.
  public var pixels: [Share<Pixels>]
  /// How they are stored, the most frequent first.
  public var syntaxes: [Share<Syntax>]
  /// What was odd in headers and how it is taken, the most frequent first.
  public var findings: [Share<InstanceHeader.Finding>]
  /// In the order of their first images.
  public var volumes: [VolumeSummary]

  /// Something that some of the images have in common.
  public struct Share<Value: Sendable & Equatable>: Sendable, Equatable {
    public var value: Value
    public var images: Int
  }

  /// The Image Pixel module without the picture's size, which each volume has.
  public struct Pixels: Sendable, Hashable {
    public var samples: Int
    public var bitsStored: Int
    public var bitsAllocated: Int
    public var isSigned: Bool
    public var photometric: PhotometricInterpretation
  }

  /// A transfer syntax by its UID and the standard's name for it; of other files than DICOM's their
  /// kind, without a UID.
  public struct Syntax: Sendable, Hashable {
    public var uid: String
    public var name: String
    /// Nil where the kind of file alone does not tell.
    public var isLossless: Bool?
  }
}

extension SeriesSummary {
  /// The images of one series, at least one.
  init(_ images: [UnitPlanner.Image]) {
    // Assembly orders planes by their headers; only equal ones keep the order given here.
    let images = images.sorted {
      let (a, b) = ($0.row.header.identity.sopInstanceUID, $1.row.header.identity.sopInstanceUID)
      return a != b ? a < b : $0.source.token < $1.source.token
    }
    let headers = images.map(\.row.header)
    modality = ModalityName(headers[0].description)
    dicomModality = DICOMModality.known(headers[0].description.modality)
    bodyRegions = Set(
      headers.compactMap { BodyRegion(term: $0.description.bodyPartExamined)?.name }
    ).sorted()
    self.images = images.count
    bytes = images.reduce(0) { $0 + $1.source.bytes }
    pixels = Self.shares(of: headers.map { Pixels($0.format) }) { "\($0)" }
    syntaxes = Self.shares(of: headers.map { Syntax($0.description) }, by: { $0.uid + $0.name })
    findings = Self.shares(of: headers.flatMap { Set($0.findings) }, by: \.code)
    volumes = SeriesAssembly.volumes(of: headers).map { VolumeSummary($0, of: headers) }
  }

  /// Each value once with how often it came, the most frequent first; equals in the order of `key`.
  private static func shares<Value: Hashable & Sendable>(
    of values: [Value], by key: (Value) -> String
  ) -> [Share<Value>] {
    values.reduce(into: [Value: Int]()) { $0[$1, default: 0] += 1 }
      .map { Share(value: $0.key, images: $0.value) }
      .sorted { a, b in
        a.images != b.images ? a.images > b.images : key(a.value) < key(b.value)
      }
  }
}

extension SeriesSummary.Pixels {
  init(_ format: PixelFormat) {
    samples = format.samplesPerPixel
    bitsStored = format.bitsStored
    bitsAllocated = format.bitsAllocated
    isSigned = format.isSigned
    photometric = format.photometric
  }
}

extension SeriesSummary.Syntax {
  /// A UID that no table has is not repeated.
  init(_ description: InstanceHeader.Description) {
    let kind = description.fileKind
    guard kind == .dicom else {
      self.init(uid: "", name: kind.rawValue, isLossless: kind.isLossless)
      return
    }
    let known = TransferSyntax.named(description.transferSyntaxUID)
    self.init(
      uid: known?.uid ?? "", name: known?.name ?? "unknown", isLossless: known?.isLossless ?? false)
  }
}
