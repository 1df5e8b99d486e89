/// A transfer syntax of DICOM (PS3.5 10, PS3.6 A): THE table of what is read, and what is not.
public struct TransferSyntax: Hashable, Sendable {
  /// Who decodes a frame.
  public enum Codec: Hashable, Sendable {
    case native, rle, jpegBaseline, jpegExtended, jpegLossless, jpegLS, jpeg2000
    /// Frames as native pixel data have them, each in fragments, and the same deflated.
    case encapsulated, deflatedFrame
    /// Not read: what it is, in a few words.
    case refused(String)
  }

  /// How the elements of the data set are written, whatever their pixels are (PS3.5 A).
  public enum Encoding: Hashable, Sendable {
    case implicitLittle, explicitLittle, explicitBig, implicitBig

    public var isBigEndian: Bool { self == .explicitBig || self == .implicitBig }
    public var isExplicit: Bool { self == .explicitLittle || self == .explicitBig }
  }

  public let uid: String
  /// The standard's own name, shortened.
  public let name: String
  public let codec: Codec
  /// True where decoded values are the stored values bit for bit.
  public let isLossless: Bool
  public let encoding: Encoding
  /// Whether the whole data set is deflated (PS3.5 A.5).
  public let isDeflated: Bool

  /// True where pixels come in fragments (PS3.5 A.4).
  public var isEncapsulated: Bool { codec != .native }

  public static let implicitLittle = TransferSyntax(
    "1.2.840.10008.1.2", "Implicit VR Little Endian", .native, encoding: .implicitLittle)
  public static let explicitLittle = TransferSyntax(
    "1.2.840.10008.1.2.1", "Explicit VR Little Endian", .native)
  public static let explicitBig = TransferSyntax(
    "1.2.840.10008.1.2.2", "Explicit VR Big Endian", .native, encoding: .explicitBig)
  /// GE's private one: little-endian elements, big-endian pixels.
  static let bigEndianPixels = TransferSyntax(
    "1.2.840.113619.5.2", "GE Implicit VR with big-endian pixels", .native,
    encoding: .implicitLittle)

  public static let all: [TransferSyntax] = [
    implicitLittle, explicitLittle, explicitBig, bigEndianPixels,
    TransferSyntax(
      standard + "1.99", "Deflated Explicit VR Little Endian", .native, isDeflated: true),
    TransferSyntax(
      standard + "1.98", "Encapsulated Uncompressed Explicit VR Little Endian", .encapsulated),
    TransferSyntax(standard + "8.1", "Deflated Image Frame Compression", .deflatedFrame),
    TransferSyntax(standard + "5", "RLE Lossless", .rle),
    TransferSyntax(standard + "4.50", "JPEG Baseline", .jpegBaseline, isLossless: false),
    TransferSyntax(standard + "4.51", "JPEG Extended", .jpegExtended, isLossless: false),
    // Retired, and met in archives all the same: without hierarchy they are what libjpeg reads.
    TransferSyntax(
      standard + "4.52", "JPEG Extended (Processes 3 & 5)", .jpegExtended, isLossless: false),
    TransferSyntax(
      standard + "4.53", "JPEG Spectral Selection (Processes 6 & 8)", .jpegExtended,
      isLossless: false),
    TransferSyntax(
      standard + "4.54", "JPEG Spectral Selection (Processes 7 & 9)", .jpegExtended,
      isLossless: false),
    TransferSyntax(
      standard + "4.55", "JPEG Full Progression (Processes 10 & 12)", .jpegExtended,
      isLossless: false),
    TransferSyntax(
      standard + "4.56", "JPEG Full Progression (Processes 11 & 13)", .jpegExtended,
      isLossless: false),
    TransferSyntax(standard + "4.57", "JPEG Lossless", .jpegLossless),
    TransferSyntax(standard + "4.58", "JPEG Lossless (Process 15)", .jpegLossless),
    TransferSyntax(standard + "4.70", "JPEG Lossless, first-order prediction", .jpegLossless),
    TransferSyntax(standard + "4.80", "JPEG-LS Lossless", .jpegLS),
    TransferSyntax(standard + "4.81", "JPEG-LS Near-Lossless", .jpegLS, isLossless: false),
    TransferSyntax(standard + "4.90", "JPEG 2000 Lossless", .jpeg2000),
    TransferSyntax(standard + "4.91", "JPEG 2000", .jpeg2000, isLossless: false),
    TransferSyntax(standard + "4.201", "High-Throughput JPEG 2000 Lossless", .jpeg2000),
    TransferSyntax(standard + "4.202", "High-Throughput JPEG 2000 Lossless, RPCL", .jpeg2000),
    TransferSyntax(
      standard + "4.203", "High-Throughput JPEG 2000", .jpeg2000, isLossless: false),
  ]

  /// Families that are known and not read: every UID that begins so.
  private static let refusedFamilies: [(prefix: String, kind: String)] = [
    (standard + "4.92", "JPEG 2000 multi-component"),
    (standard + "4.93", "JPEG 2000 multi-component"),
    (standard + "4.94", "JPIP reference"), (standard + "4.95", "JPIP reference"),
    (standard + "4.204", "JPIP reference"), (standard + "4.205", "JPIP reference"),
    (standard + "4.100", "MPEG-2 video"), (standard + "4.101", "MPEG-2 video"),
    (standard + "4.102", "MPEG-4 video"), (standard + "4.103", "MPEG-4 video"),
    (standard + "4.104", "MPEG-4 video"), (standard + "4.105", "MPEG-4 video"),
    (standard + "4.106", "MPEG-4 video"), (standard + "4.107", "HEVC video"),
    (standard + "4.108", "HEVC video"), (standard + "4.110", "JPEG XL"),
    (standard + "4.111", "JPEG XL"),
    (standard + "4.112", "JPEG XL"), (standard + "4.59", "hierarchical JPEG"),
    (standard + "4.6", "hierarchical JPEG"),
    (standard + "6.", "MIME or XML encapsulation"), (standard + "7.", "SMPTE video"),
  ]
  private static let standard = "1.2.840.10008.1.2."

  /// The syntax of a UID; nil where nobody knows it.
  public static func named(_ uid: String) -> TransferSyntax? {
    if let row = all.first(where: { $0.uid == uid }) { return row }
    return refusedFamilies.first { uid.hasPrefix($0.prefix) }.map {
      TransferSyntax(uid, $0.kind, .refused($0.kind), isLossless: false)
    }
  }

  private init(
    _ uid: String, _ name: String, _ codec: Codec, isLossless: Bool = true,
    encoding: Encoding = .explicitLittle, isDeflated: Bool = false
  ) {
    self.uid = uid
    self.name = name
    self.codec = codec
    self.isLossless = isLossless
    self.encoding = encoding
    self.isDeflated = isDeflated
  }
}
