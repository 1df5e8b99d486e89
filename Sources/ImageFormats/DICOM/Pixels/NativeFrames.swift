import MedicalImaging

/// Frames of native pixel data (PS3.5 8.1, 8.2; A.1 to A.3).
struct NativeFrames {
  private let format: PixelFormat
  private let pixels: InstanceHeader.PixelLocation
  private let source: SourceBytes
  private let memoryLimit: Int

  init(_ header: InstanceHeader, _ source: SourceBytes, _ memoryLimit: Int) {
    format = header.format
    pixels = header.pixels
    self.source = source
    self.memoryLimit = memoryLimit
  }

  /// Bytes that a frame takes in the source. Rows and columns have 16 bits, so it cannot overflow
  /// where a header reader made the format.
  static func frameBytes(_ format: PixelFormat) -> Int {
    let samples = format.photometric == .ybrFull422 ? 2 : format.samplesPerPixel
    return format.rows * format.columns * samples * (format.bitsAllocated / 8)
  }

  /// Throws `.truncated`, `.memory` or `.unsupportedPixels`.
  func plane(_ index: Int) throws(ImageError) -> StoredPlane {
    let size = Self.frameBytes(format)
    let isWide = format.bitsAllocated == 16
    _ = try Budget.bytes(
      format.rows, format.columns, format.samplesPerPixel, isWide ? 4 : 2,
      limit: memoryLimit)
    let (first, overflow) = index.multipliedReportingOverflow(by: size)
    let begin = pixels.nativeOffset ?? 0
    let length = min(pixels.nativeLength, source.count - begin)
    guard !overflow, first <= length, size <= length - first else {
      throw ImageError(.truncated, "The source ends before the frame does.")
    }
    let sample: StoredPlane.Sample
    if format.samplesPerPixel == 1 && format.isSigned {
      sample = isWide ? .int16 : .int8
    } else {
      sample = isWide ? .uint16 : .uint8
    }
    let bytes = try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
      if pixels.swapsBytePairs {
        // The last byte of an odd length has its partner in the padding, or none.
        let end = begin + length
        let swapped = (first..<first + size).map { (i: Int) -> UInt8 in
          let at = begin + (i ^ 1)
          return unsafe at < end ? all[at] : all[begin + i]
        }
        return unsafe try swapped.withBytes { (frame) throws(ImageError) in
          try unsafe samples(frame)
        }
      }
      return try unsafe samples(
        UnsafeRawBufferPointer(rebasing: all[begin + first..<begin + first + size]))
    }
    return StoredPlane(
      columns: format.columns, rows: format.rows, samplesPerPixel: format.samplesPerPixel,
      sample: sample, bytes: bytes)
  }

  private func samples(_ frame: UnsafeRawBufferPointer) throws(ImageError) -> [UInt8] {
    let isWide = format.bitsAllocated == 16
    let isGrey = format.samplesPerPixel == 1
    let bits = SampleBits(
      width: format.bitsStored, low: format.highBit + 1 - format.bitsStored,
      isSwapped: pixels.isBigEndian)
    let isSigned = isGrey && format.isSigned
    if isGrey {
      return isWide
        ? unsafe bits.words(frame, isSigned: isSigned)
        : bits.octets(unsafe Array(frame), isSigned: isSigned)
    }
    var bytes: [UInt8]
    if format.photometric == .ybrFull422 {
      guard !isWide, format.columns % 2 == 0, format.planarConfiguration == 0 else {
        throw ImageError(
          .unsupportedPixels, "Subsampled colours are read in pairs of 8-bit columns only.")
      }
      bytes = unsafe ColorConversion.expanded422(frame)
    } else if format.planarConfiguration == 1 {
      bytes = unsafe ColorConversion.interleaved(frame, size: isWide ? 2 : 1)
    } else {
      bytes = unsafe Array(frame)
    }
    bytes = isWide ? bits.words(bytes, isSigned: false) : bits.octets(bytes, isSigned: false)
    switch format.photometric {
    case .ybrFull, .ybrFull422:
      guard !isWide else {
        throw ImageError(
          .unsupportedPixels, "Luminance and chrominance of more than 8 bits are not read.")
      }
      ColorConversion.ybrToRGB(&bytes)
    default: break
    }
    return bytes
  }
}
