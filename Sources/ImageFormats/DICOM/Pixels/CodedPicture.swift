import MedicalImaging

/// What a decoder made of one bitstream, before the header's sign and Bits Stored are applied.
struct CodedPicture {
  enum Color { case rgb, ybr }

  var columns: Int
  var rows: Int
  /// 1 or 3.
  var components: Int
  /// Bits of a sample that mean something, counted from the lowest.
  var precision: Int
  /// Bits that are kept, and bits below them that are not; nil keeps the precision.
  var kept: (width: Int, low: Int)?
  /// Samples of a pixel side by side, in native order.
  var bytes: [UInt8]
  /// Bytes of a sample: 1, 2 or 4.
  var size: Int
  /// Of pictures with three components.
  var color = Color.rgb
  var findings: [InstanceHeader.Finding] = []

  mutating func note(_ code: String, _ sentence: String) {
    if !findings.contains(where: { $0.code == code }) { findings.append(.init(code, sentence)) }
  }

  /// Whether the words hold numbers with a sign at the header's high bit, and nothing above it: taken
  /// for words of their own, none of these would be negative.
  private func hasHiddenSign(_ format: PixelFormat) -> Bool {
    guard format.isSigned, format.bitsStored < format.bitsAllocated, size <= 2,
      format.highBit == format.bitsStored - 1
    else { return false }
    let above = UInt16.max << UInt16(format.bitsStored)
    let high = unsafe bytes.withBytes { words in
      stride(from: 0, to: words.count, by: size).reduce(UInt16(0)) { all, at in
        unsafe all
          | (size == 1
            ? UInt16(words[at]) : words.loadUnaligned(fromByteOffset: at, as: UInt16.self))
      }
    }
    return high & (size == 1 ? above & 0xFF : above) == 0
  }

  /// Stored values: bits above the precision cut off, sign extended, colours red, green and blue.
  consuming func finished(_ format: PixelFormat) throws(ImageError) -> DecodedFrame {
    if columns != format.columns || rows != format.rows {
      note("frame_size", "The bitstream's size is not the header's; the bitstream was believed.")
    }
    if components != format.samplesPerPixel {
      note(
        "components", "The bitstream's components are not the header's; the bitstream was believed."
      )
    }
    if precision != format.bitsStored {
      note("precision", "The bitstream's precision is not Bits Stored; the bitstream was believed.")
    }
    if components == 1 && precision == format.bitsAllocated && precision == 8 * size
      && (format.hasEmbeddedOverlay || hasHiddenSign(format))
    {
      // Whole words were coded, as they lie: the header alone tells which bits are pixels.
      kept = (format.bitsStored, format.highBit + 1 - format.bitsStored)
    }
    let bits = SampleBits(width: kept?.width ?? precision, low: kept?.low ?? 0)
    let sample: StoredPlane.Sample
    if components == 3 {
      if color == .ybr {
        guard size == 1 else {
          throw ImageError(
            .unsupportedPixels, "Luminance and chrominance of more than 8 bits are not read.")
        }
        ColorConversion.ybrToRGB(&bytes)
      }
      if size > 1 { bytes = bits.values(bytes, size: size, isSigned: false) }
      sample = .integer(size: size, isSigned: false)
    } else if size == 1 && format.bitsAllocated == 16 {
      bytes = bits.widened(bytes, isSigned: format.isSigned)
      sample = .integer(size: 2, isSigned: format.isSigned)
    } else {
      bytes = bits.values(bytes, size: size, isSigned: format.isSigned)
      sample = .integer(size: size, isSigned: format.isSigned)
    }
    return DecodedFrame(
      plane: StoredPlane(
        columns: columns, rows: rows, samplesPerPixel: components, sample: sample, bytes: bytes),
      findings: findings)
  }
}
