import MedicalImaging

/// What a compressed frame is, by its own first markers.
enum Codestream {
  case jpeg(JPEGStream)
  case jpeg2000(JPEG2000Stream)

  /// Nil where the bytes begin as neither does, or end before they say what they hold.
  init?(_ bytes: UnsafeRawBufferPointer) {
    let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
    if let stream = JPEGStream(span) {
      self = .jpeg(stream)
    } else if let stream = JPEG2000Stream(span) {
      self = .jpeg2000(stream)
    } else {
      return nil
    }
  }

  func agrees(with codec: TransferSyntax.Codec) -> Bool {
    switch self {
    case .jpeg2000: codec == .jpeg2000
    case .jpeg(let stream) where stream.isLS: codec == .jpegLS
    case .jpeg(let stream) where stream.isLossless: codec == .jpegLossless
    case .jpeg: codec == .jpegBaseline || codec == .jpegExtended
    }
  }

  /// The transfer syntax that first bytes of a fragment show; nil where they show none.
  static func transferSyntaxUID(_ head: [UInt8]) -> String? {
    let kind = unsafe head.withBytes { unsafe Codestream($0) }
    switch kind {
    case nil: return nil
    case .jpeg2000(let stream):
      return stream.isReversible ? "1.2.840.10008.1.2.4.90" : "1.2.840.10008.1.2.4.91"
    case .jpeg(let stream) where stream.isLS: return "1.2.840.10008.1.2.4.81"
    case .jpeg(let stream) where stream.isLossless: return "1.2.840.10008.1.2.4.57"
    case .jpeg(let stream):
      return stream.precision == 8 ? "1.2.840.10008.1.2.4.50" : "1.2.840.10008.1.2.4.51"
    }
  }
}
