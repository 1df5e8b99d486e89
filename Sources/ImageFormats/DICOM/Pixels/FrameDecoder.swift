import MedicalImaging

/// Decodes the frames of one DICOM instance into stored values.
///
/// The bitstream of a compressed frame is believed over the header for size, components and
/// precision; each difference is a finding.
public struct FrameDecoder: Sendable {
  public let header: InstanceHeader
  /// The header of what is coded: of a mosaic the one picture.
  private let coded: InstanceHeader
  let source: SourceBytes
  let memoryLimit: Int
  let syntax: TransferSyntax
  let fragments: FrameFragments
  /// Of a mosaic, decoded once for all its slices.
  private var mosaic: MosaicTiles?

  /// `bytes` are those that the header was read from. `memoryLimit` bounds, in bytes, what one frame
  /// takes while it is decoded, and what a deflated data set or a gzip file inflates to.
  ///
  /// Throws `.unsupportedSyntax`, what inflating throws, and of a mosaic, whose one picture is decoded
  /// here, what `decode` throws.
  public init(header: InstanceHeader, bytes: SourceBytes, memoryLimit: Int = 1 << 30)
    throws(ImageError)
  {
    guard let syntax = TransferSyntax.named(header.description.transferSyntaxUID) else {
      throw ImageError(.unsupportedSyntax, "The transfer syntax is not known.")
    }
    if case .refused(let kind) = syntax.codec {
      throw ImageError(.unsupportedSyntax, "The pixel data are written as \(kind).")
    }
    self.header = header
    var coded = header
    let across = header.pixels.mosaicTiles
    if across > 0 {
      coded.format.rows *= across
      coded.format.columns *= across
      coded.frames = 1
    }
    self.coded = coded
    self.memoryLimit = memoryLimit
    self.syntax = syntax
    let plain = header.pixels.isGzip ? try bytes.inflated(limit: memoryLimit) : bytes
    source =
      header.pixels.isDeflated
      ? try DICOMStart(plain).inflated(plain, limit: memoryLimit) : plain
    fragments = FrameFragments(coded, source)
    mosaic = nil
    if across > 0 { mosaic = MosaicTiles(picture: try picture(0)) }
  }

  /// Frame `index`, counted from 0; `index` must be below `header.frames`.
  ///
  /// Throws `.truncated` where the source ends before the frame does, `.damagedPixels` where its
  /// bitstream cannot be decoded, `.unsupportedSyntax` or `.unsupportedPixels` where it is of a kind
  /// that is not read, `.memory` where it would take more than the limit.
  public func decode(frame index: Int) throws(ImageError) -> DecodedFrame {
    precondition(index >= 0 && index < header.frames)
    if let mosaic { return try mosaic.decode(index, header) }
    return try picture(index)
  }

  /// Calls `body` with the samples of a frame where they lie in the source as `decode` would give
  /// them: grey, native, 16 bits, with nothing above the high bit. Nil where they do not.
  ///
  /// Throws `.truncated` where the source ends before the frame does.
  func withSamplesInPlace<Result>(
    frame index: Int, _ body: (UnsafeRawBufferPointer, StoredPlane.Sample) -> Result
  ) throws(ImageError) -> Result? {
    guard header.pixels.nativeOffset != nil, mosaic == nil, header.palette == nil else {
      return nil
    }
    return try unsafe NativeFrames(coded, source, memoryLimit).withSamplesInPlace(index, body)
  }

  /// A picture as it is coded.
  private func picture(_ index: Int) throws(ImageError) -> DecodedFrame {
    if header.pixels.nativeOffset != nil {
      return try NativeFrames(coded, source, memoryLimit).decode(index)
    }
    let encoded = try fragments.ranges(of: index)
    var frame: DecodedFrame
    if encoded.count == 1, let only = encoded.first {
      frame = try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
        try unsafe decode(UnsafeRawBufferPointer(rebasing: all[only]))
      }
    } else {
      // Fragments lie inside the source, so their sum is bounded by it.
      let joined = encoded.flatMap { source.copy($0) }
      frame = unsafe try joined.withBytes { (all) throws(ImageError) in try unsafe decode(all) }
    }
    frame.findings += fragments.findings
    return frame
  }

  private func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> DecodedFrame {
    let native = NativeFrame(coded.format, isBigEndian: false, memoryLimit)
    switch syntax.codec {
    case .encapsulated: return try unsafe native.decode(bytes)
    case .deflatedFrame:
      // One byte more than the frame: fragments are padded to even lengths.
      let limit = min((NativeFrame.bits(coded.format) + 7) / 8 + 1, memoryLimit)
      let inflated = try unsafe DeflatedFrame.inflate(bytes, limit: limit)
      return unsafe try inflated.withBytes { (all) throws(ImageError) in
        try unsafe native.decode(all)
      }
    case .rle:
      let picture = try unsafe RLEDecoder(coded.format, memoryLimit).decode(bytes)
      return try picture.finished(coded.format)
    default: return try unsafe bitstream(bytes).finished(coded.format)
    }
  }

  /// Dispatches by what the bitstream is, not by what the header says.
  private func bitstream(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> CodedPicture {
    guard let kind = unsafe Codestream(bytes) else {
      throw ImageError(.damagedPixels, "A frame does not begin as a compressed picture does.")
    }
    var picture =
      switch kind {
      case .jpeg(let stream) where stream.isLS:
        try unsafe JPEGLSDecoder(coded.format, memoryLimit).decode(bytes)
      case .jpeg(let stream) where stream.isTurbo:
        try unsafe TurboJPEGDecoder(coded.format, memoryLimit).decode(bytes, stream)
      case .jpeg(let stream):
        try unsafe DCMTKJPEGDecoder(coded.format, memoryLimit).decode(bytes, stream)
      case .jpeg2000(let stream):
        try unsafe JPEG2000Decoder(coded.format, memoryLimit).decode(bytes, stream)
      }
    if !kind.agrees(with: syntax.codec) {
      picture.note("codec", "The bitstream is of another codec than the transfer syntax says.")
    }
    return picture
  }
}

/// One frame's stored values, and what was odd about its bitstream.
public struct DecodedFrame: Sendable {
  public var plane: StoredPlane
  /// How the source holds the frame, where the plane has been turned upright.
  public var orientation = PlaneOrientation.upright
  /// An ICC profile that stands with the pixels, not in the image's header; never applied here.
  public var colorProfile: [UInt8]?
  /// Which focal plane of a slide it is, from 0, nearest the glass first; nil where there is one.
  public var focalPlane: Int?
  /// Which part of a slide's level it is; nil where it is the whole.
  public var tile: SlideTile?
  public var findings: [InstanceHeader.Finding]

  public init(plane: StoredPlane, findings: [InstanceHeader.Finding]) {
    self.plane = plane
    self.findings = findings
  }
}

/// Products of untrusted sizes.
enum Budget {
  /// The product of all factors; throws `.memory` where it overflows or passes the limit.
  static func bytes(_ factors: Int..., limit: Int, of what: String = "A frame")
    throws(ImageError) -> Int
  {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow, next >= 0, next <= limit else {
        throw ImageError(.memory, "\(what) needs more memory than is allowed.")
      }
      product = next
    }
    return product
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` with a typed error.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe span.withUnsafeBytes(body)
  }
}
