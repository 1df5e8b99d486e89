import MedicalImaging

/// JPEG (ITU-T T.81) of 8 bits, baseline or progressive, through libjpeg-turbo; of a file with
/// several pictures (MPO) the first.
struct JPEGReader {
  private let source: SourceBytes
  private let stream: JPEGStream
  private let orientation: PlaneOrientation

  /// Throws `.damagedHeader`, or `.unsupportedPixels` for the kinds of JPEG that are not read.
  init(_ source: SourceBytes) throws(ImageError) {
    self.source = source
    let stream = unsafe source.withUnsafeBytes { all in
      unsafe JPEGStream(Span<UInt8>(_unsafeBytes: all))
    }
    guard let stream else {
      throw .picture(.damagedHeader, "The JPEG ends before it says what it holds.")
    }
    try Self.check(stream)
    self.stream = stream
    orientation = stream.exif.map { EXIF.orientation(source.copy($0).span) } ?? .upright
  }

  private static func check(_ stream: JPEGStream) throws(ImageError) {
    let kind: String? =
      switch stream.process {
      case 0xF7: "The picture is a JPEG-LS."
      case 0xC3, 0xCB: "The JPEG is a lossless one."
      case 0xC5...0xC7, 0xCD...0xCF: "The JPEG is a hierarchical one."
      case _ where stream.precision == 12: "The JPEG has 12 bits a sample."
      case _ where !stream.isTurbo: "The JPEG is of a process that is not read."
      default: nil
      }
    if let kind { throw .unread(kind) }
    guard stream.columns > 0, stream.rows > 0 else {
      throw .unread("The JPEG does not say its size before its data.")
    }
    guard [1, 3, 4].contains(stream.componentIDs.count) else {
      throw .unread("The JPEG has neither one, nor three, nor four components.")
    }
  }

  var contents: PictureContents {
    let swaps = orientation.swapsAxes
    return PictureContents(
      format: .jpeg,
      pages: [
        .init(
          index: 0, columns: swaps ? stream.rows : stream.columns,
          rows: swaps ? stream.columns : stream.rows, role: .picture,
          pixels: .init(
            channels: stream.componentIDs.count == 1 ? 1 : 3, sample: .uint8, bits: 8))
      ])
  }

  /// Throws `.damagedPixels`, `.truncated` or `.memory`.
  func read(_ memoryLimit: Int) throws(ImageError) -> Picture {
    let (columns, rows) = (stream.columns, stream.rows)
    let layout: TurboJPEG.Layout =
      switch stream.componentIDs.count {
      case 1: .grey
      case 3: .rgb
      default: .inks
      }
    // A progressive picture keeps its coefficients, two bytes each, blocks padded; inks are kept
    // beside the colours that they give.
    _ = try Budget.bytes(
      rows, columns, layout.samples, stream.isProgressive ? 5 : 2, limit: memoryLimit,
      of: "The picture")
    let decoded = try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
      try unsafe TurboJPEG(all, columns: columns, rows: rows, layout)
    }
    var findings: [InstanceHeader.Finding] = []
    switch decoded.outcome {
    case .whole: break
    case .mended:
      findings.append(.init("jpeg_warning", "The JPEG decoder mended something in a frame."))
    case .incomplete:
      throw .picture(
        .truncated, "The JPEG ends before its picture does.", cause: decoded.words)
    case .failed:
      throw .picture(.damagedPixels, "The JPEG is damaged.", cause: decoded.words)
    }
    var bytes = decoded.bytes
    if layout == .inks {
      // Adobe's programs store inks inverted, with a marker or without.
      bytes = PictureInks.rgb8(bytes, isInverted: true)
      findings.append(PictureInks.converted)
    }
    return try orientation.applied(
      to: Picture(
        columns: columns, rows: rows, channels: layout == .grey ? 1 : 3, sample: .uint8, bits: 8,
        bytes: bytes, colorProfile: layout == .rgb ? JPEGProfile.read(source) : nil,
        findings: findings),
      limit: memoryLimit)
  }
}
