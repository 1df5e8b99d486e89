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

  /// Throws `.truncated`, `.memory` or `.unsupportedPixels`.
  func decode(_ index: Int) throws(ImageError) -> DecodedFrame {
    try frame.checkMemory()
    // Frames of one-bit pixels follow one another without padding (PS3.5 8.2).
    let bits = NativeFrame.bits(frame.format)
    let (first, overflow) = index.multipliedReportingOverflow(by: bits)
    let begin = pixels.nativeOffset ?? 0
    let length = min(pixels.nativeLength, source.count - begin)
    let (room, tooLong) = length.multipliedReportingOverflow(by: 8)
    guard !overflow, !tooLong, first <= room, bits <= room - first else {
      throw ImageError(.truncated, "The source ends before the frame does.")
    }
    let range = first / 8..<(first + bits + 7) / 8
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
