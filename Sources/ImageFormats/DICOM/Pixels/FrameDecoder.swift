import MedicalImaging

/// Decodes the frames of one DICOM instance into stored values.
///
/// The bitstream of a compressed frame is believed over the header for size, components and
/// precision; each difference is a finding.
public struct FrameDecoder: Sendable {
  public let header: InstanceHeader
  let source: SourceBytes
  let memoryLimit: Int
  let syntax: TransferSyntax
  let fragments: FrameFragments

  /// `bytes` are those that the header was read from. `memoryLimit` bounds, in bytes, what one frame
  /// takes while it is decoded, and what a deflated data set inflates to.
  ///
  /// Throws `.unsupportedSyntax`, or what inflating throws.
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
    self.memoryLimit = memoryLimit
    self.syntax = syntax
    if header.pixels.isDeflated {
      let start = try DICOMStart(bytes)
      source = try start.inflated(bytes, limit: memoryLimit)
    } else {
      source = bytes
    }
    fragments = FrameFragments(header, source)
  }

  /// Frame `index`, counted from 0; `index` must be below `header.frames`.
  ///
  /// Throws `.truncated` where the source ends before the frame does, `.damagedPixels` where its
  /// bitstream cannot be decoded, `.unsupportedSyntax` or `.unsupportedPixels` where it is of a kind
  /// that is not read, `.memory` where it would take more than the limit.
  public func decode(frame index: Int) throws(ImageError) -> DecodedFrame {
    precondition(index >= 0 && index < header.frames)
    if header.pixels.nativeOffset != nil {
      let plane = try NativeFrames(header, source, memoryLimit).plane(index)
      return DecodedFrame(plane: plane, findings: [])
    }
    let encoded = try fragments.ranges(of: index)
    var picture: CodedPicture
    if encoded.count == 1, let only = encoded.first {
      picture = try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
        try unsafe decode(UnsafeRawBufferPointer(rebasing: all[only]))
      }
    } else {
      // Fragments lie inside the source, so their sum is bounded by it.
      let joined = encoded.flatMap { source.copy($0) }
      picture = unsafe try joined.withBytes { (all) throws(ImageError) in try unsafe decode(all) }
    }
    picture.findings += fragments.findings
    return try picture.finished(header.format)
  }

  /// Dispatches by what the bitstream is, not by what the header says.
  private func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> CodedPicture {
    if syntax.codec == .rle {
      return try unsafe RLEDecoder(header.format, memoryLimit).decode(bytes)
    }
    guard let kind = unsafe Codestream(bytes) else {
      throw ImageError(.damagedPixels, "A frame does not begin as a compressed picture does.")
    }
    var picture =
      switch kind {
      case .jpeg(let stream) where stream.isLS:
        try unsafe JPEGLSDecoder(header.format, memoryLimit).decode(bytes)
      case .jpeg(let stream) where stream.isTurbo:
        try unsafe TurboJPEGDecoder(header.format, memoryLimit).decode(bytes, stream)
      case .jpeg(let stream):
        try unsafe DCMTKJPEGDecoder(header.format, memoryLimit).decode(bytes, stream)
      case .jpeg2000(let stream):
        try unsafe JPEG2000Decoder(header.format, memoryLimit).decode(bytes, stream)
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
