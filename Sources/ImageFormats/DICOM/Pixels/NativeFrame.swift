import Glibc
import MedicalImaging

/// One frame as native pixel data have it (PS3.5 8.1.1), wherever its bytes lie.
struct NativeFrame {
  let format: PixelFormat
  private let isBigEndian: Bool
  private let memoryLimit: Int

  init(_ format: PixelFormat, isBigEndian: Bool, _ memoryLimit: Int) {
    self.format = format
    self.isBigEndian = isBigEndian
    self.memoryLimit = memoryLimit
  }

  /// Bits that a frame takes in the source. Rows and columns have 16 bits, so it cannot overflow
  /// where a header reader made the format.
  static func bits(_ format: PixelFormat) -> Int {
    let samples = format.photometric == .ybrFull422 ? 2 : format.samplesPerPixel
    return format.rows * format.columns * samples * format.bitsAllocated
  }

  /// Throws `.memory` where a decoded frame would take too much.
  func checkMemory() throws(ImageError) {
    _ = try Budget.bytes(
      format.rows, format.columns, format.samplesPerPixel, 2 * max(format.bitsAllocated / 8, 1),
      limit: memoryLimit)
  }

  /// `bytes` begin with the byte that holds the frame's first bit, and hold its last.
  ///
  /// Throws `.truncated`, `.memory` or `.unsupportedPixels`.
  func decode(_ bytes: UnsafeRawBufferPointer, firstBit: Int = 0) throws(ImageError)
    -> DecodedFrame
  {
    guard bytes.count >= (firstBit + Self.bits(format) + 7) / 8 else {
      throw ImageError(.truncated, "The source ends before the frame does.")
    }
    try checkMemory()
    let size = max(format.bitsAllocated / 8, 1)
    let exact = unsafe UnsafeRawBufferPointer(
      rebasing: bytes[..<((firstBit + Self.bits(format) + 7) / 8)])
    let sample: StoredPlane.Sample
    let samples: [UInt8]
    if format.isFloat {
      sample = size == 4 ? .float32 : .float64
      samples = unsafe floats(exact, size)
    } else if format.bitsAllocated == 1 {
      sample = .uint8
      samples = unsafe bits(exact, firstBit)
    } else {
      sample = .integer(size: size, isSigned: format.samplesPerPixel == 1 && format.isSigned)
      samples = try unsafe integers(exact, size)
    }
    let plane = StoredPlane(
      columns: format.columns, rows: format.rows, samplesPerPixel: format.samplesPerPixel,
      sample: sample, bytes: samples)
    return DecodedFrame(plane: plane, findings: plane.nonFinite.finding.map { [$0] } ?? [])
  }

  /// Pixels of one bit, the first in the lowest bit of a byte (PS3.5 8.2): 0 and 1.
  private func bits(_ frame: UnsafeRawBufferPointer, _ firstBit: Int) -> [UInt8] {
    (0..<format.rows * format.columns * format.samplesPerPixel).map { i in
      let bit = firstBit + i
      return unsafe frame[bit / 8] >> UInt8(bit % 8) & 1
    }
  }

  private func floats(_ frame: UnsafeRawBufferPointer, _ size: Int) -> [UInt8] {
    guard isBigEndian else { return unsafe Array(frame) }
    return unsafe [UInt8](unsafeUninitializedCapacity: frame.count) { out, used in
      for i in 0..<frame.count { unsafe out[i] = frame[i / size * size + size - 1 - i % size] }
      used = frame.count
    }
  }

  private func integers(_ frame: UnsafeRawBufferPointer, _ size: Int) throws(ImageError)
    -> [UInt8]
  {
    let bits = SampleBits(
      width: format.bitsStored, low: format.highBit + 1 - format.bitsStored,
      isSwapped: isBigEndian)
    if format.samplesPerPixel == 1 {
      switch size {
      case 1: return bits.octets(unsafe Array(frame), isSigned: format.isSigned)
      case 2: return unsafe bits.words(frame, isSigned: format.isSigned)
      default: return unsafe bits.longs(frame, isSigned: format.isSigned)
      }
    }
    var bytes: [UInt8]
    if format.photometric == .ybrFull422 {
      guard size == 1, format.columns % 2 == 0, format.planarConfiguration == 0 else {
        throw ImageError(
          .unsupportedPixels, "Subsampled colours are read in pairs of 8-bit columns only.")
      }
      bytes = unsafe ColorConversion.expanded422(frame)
    } else if format.planarConfiguration == 1 {
      bytes = unsafe ColorConversion.interleaved(frame, size: size)
    } else {
      bytes = unsafe Array(frame)
    }
    bytes = bits.values(bytes, size: size, isSigned: false)
    switch format.photometric {
    case .ybrFull, .ybrFull422:
      guard size == 1 else {
        throw ImageError(
          .unsupportedPixels, "Luminance and chrominance of more than 8 bits are not read.")
      }
      ColorConversion.ybrToRGB(&bytes)
    default: break
    }
    return bytes
  }
}

extension StoredPlane.Sample {
  /// Whole numbers of 1, 2 or 4 bytes.
  static func integer(size: Int, isSigned: Bool) -> Self {
    switch size {
    case 1: isSigned ? .int8 : .uint8
    case 2: isSigned ? .int16 : .uint16
    default: isSigned ? .int32 : .uint32
    }
  }
}
