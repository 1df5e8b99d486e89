import MedicalImaging

/// Frames of native pixel data (PS3.5 8.1, 8.2; A.1 to A.3).
struct NativeFrames {
  private let pixels: InstanceHeader.PixelLocation
  private let source: SourceBytes
  private let frame: NativeFrame

  init(_ header: InstanceHeader, _ source: SourceBytes, _ memoryLimit: Int) {
    pixels = header.pixels
    self.source = source
    frame = NativeFrame(header.format, isBigEndian: pixels.isBigEndian, memoryLimit)
  }

  /// Calls `body` with the samples of a frame where they need no change; nil where they do.
  func withSamplesInPlace<Result>(
    _ index: Int, _ body: (UnsafeRawBufferPointer, StoredPlane.Sample) -> Result
  ) throws(ImageError) -> Result? {
    let format = frame.format
    guard !pixels.isBigEndian, !pixels.swapsBytePairs, !format.isFloat, format.bitsAllocated == 16,
      format.samplesPerPixel == 1, format.highBit == format.bitsStored - 1
    else { return nil }
    let range = try range(of: index)
    let begin = pixels.nativeOffset ?? 0
    return unsafe source.withUnsafeBytes { all in
      let samples = unsafe UnsafeRawBufferPointer(
        rebasing: all[begin + range.lowerBound..<begin + range.upperBound])
      let bits = SampleBits(width: format.bitsStored)
      guard unsafe bits.areClean(words: samples, isSigned: format.isSigned) else { return nil }
      return unsafe body(samples, format.isSigned ? .int16 : .uint16)
    }
  }

  /// Where the bytes of a frame lie, counted from the first of the pixel data.
  private func range(of index: Int) throws(ImageError) -> Range<Int> {
    let (bits, first) = try bits(of: index)
    return first / 8..<(first + bits + 7) / 8
  }

  /// How many bits a frame has, and how many come before it.
  private func bits(of index: Int) throws(ImageError) -> (count: Int, before: Int) {
    // Frames of one-bit pixels follow one another without padding (PS3.5 8.2).
    let bits = NativeFrame.bits(frame.format)
    let (first, overflow) = index.multipliedReportingOverflow(by: bits)
    let length = min(pixels.nativeLength, source.count - (pixels.nativeOffset ?? 0))
    let (room, tooLong) = length.multipliedReportingOverflow(by: 8)
    guard !overflow, !tooLong, first <= room, bits <= room - first else {
      throw ImageError(.truncated, "The source ends before the frame does.")
    }
    return (bits, first)
  }

  /// Throws `.truncated`, `.memory` or `.unsupportedPixels`.
  func decode(_ index: Int) throws(ImageError) -> DecodedFrame {
    try frame.checkMemory()
    let (_, first) = try bits(of: index)
    let range = try range(of: index)
    let begin = pixels.nativeOffset ?? 0
    let length = min(pixels.nativeLength, source.count - begin)
    return try unsafe source.withUnsafeBytes { (all) throws(ImageError) in
      if pixels.swapsBytePairs {
        // The last byte of an odd length has its partner in the padding, or none.
        let end = begin + length
        let swapped = range.map { (i: Int) -> UInt8 in
          let at = begin + (i ^ 1)
          return unsafe at < end ? all[at] : all[begin + i]
        }
        return unsafe try swapped.withBytes { (bytes) throws(ImageError) in
          try unsafe frame.decode(bytes, firstBit: first % 8)
        }
      }
      let place = begin + range.lowerBound..<begin + range.upperBound
      return try unsafe frame.decode(
        UnsafeRawBufferPointer(rebasing: all[place]), firstBit: first % 8)
    }
  }
}
