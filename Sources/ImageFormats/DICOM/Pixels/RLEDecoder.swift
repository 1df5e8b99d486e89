import Glibc
import MedicalImaging

/// RLE Lossless (PS3.5 G): a header of 16 little-endian numbers, then a PackBits segment for each
/// byte of a sample, highest byte first, for each sample.
struct RLEDecoder {
  private let format: PixelFormat
  private let memoryLimit: Int

  init(_ format: PixelFormat, _ memoryLimit: Int) {
    self.format = format
    self.memoryLimit = memoryLimit
  }

  /// Throws `.damagedPixels` or `.memory`.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> CodedPicture {
    if format.bitsAllocated == 1 { return try unsafe bits(bytes) }
    let size = format.bitsAllocated / 8
    let samples = format.samplesPerPixel
    let total = try Budget.bytes(format.rows, format.columns, samples, size, 2, limit: memoryLimit)
    let plane = total / 2 / samples / size
    let segments = try unsafe segments(bytes)
    guard segments.count == samples * size else {
      throw ImageError(.damagedPixels, "A frame has not as many RLE segments as its samples need.")
    }
    var planes = unsafe [UInt8](unsafeUninitializedCapacity: total / 2) { _, used in
      used = total / 2
    }
    var isWhole = true
    unsafe planes.withUnsafeMutableBytes { out in
      for (i, segment) in segments.enumerated() {
        let part = unsafe UnsafeMutableRawBufferPointer(
          rebasing: out[i * plane..<(i + 1) * plane])
        let written = unsafe Self.unpack(UnsafeRawBufferPointer(rebasing: bytes[segment]), part)
        if written < plane { isWhole = false }
      }
    }
    guard isWhole else {
      throw ImageError(.damagedPixels, "An RLE segment ends before its plane does.")
    }
    let native = size == 1 && samples == 1 ? planes : Self.gathered(planes, samples, size)
    var picture = CodedPicture(
      columns: format.columns, rows: format.rows, components: samples,
      precision: format.bitsStored, bytes: native, size: size)
    picture.kept = (format.bitsStored, format.highBit + 1 - format.bitsStored)
    if samples == 3 {
      switch format.photometric {
      case .ybrFull, .ybrFull422: picture.color = .ybr
      default: break
      }
    }
    return picture
  }

  /// Pixels of one bit: one segment of what a native frame holds, the first in the lowest bit.
  private func bits(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> CodedPicture {
    let count = try Budget.bytes(format.rows, format.columns, limit: memoryLimit)
    let segments = try unsafe segments(bytes)
    guard segments.count == 1, format.samplesPerPixel == 1 else {
      throw ImageError(.damagedPixels, "A frame has not as many RLE segments as its samples need.")
    }
    var packed = [UInt8](repeating: 0, count: (count + 7) / 8)
    let written = unsafe packed.withUnsafeMutableBytes { out in
      unsafe Self.unpack(UnsafeRawBufferPointer(rebasing: bytes[segments[0]]), out)
    }
    guard written == packed.count else {
      throw ImageError(.damagedPixels, "An RLE segment ends before its plane does.")
    }
    return CodedPicture(
      columns: format.columns, rows: format.rows, components: 1, precision: 1,
      bytes: (0..<count).map { packed[$0 / 8] >> UInt8($0 % 8) & 1 }, size: 1)
  }

  private func segments(_ bytes: UnsafeRawBufferPointer) throws(ImageError) -> [Range<Int>] {
    guard bytes.count >= 64 else {
      throw ImageError(.damagedPixels, "A frame is shorter than its RLE header.")
    }
    let numbers = (0..<16).map {
      Int(UInt32(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
    }
    guard (1...15).contains(numbers[0]) else {
      throw ImageError(.damagedPixels, "A frame's RLE header holds an impossible count.")
    }
    let starts = Array(numbers[1...numbers[0]])
    let ends = starts.dropFirst() + [bytes.count]
    var ranges: [Range<Int>] = []
    for (start, end) in zip(starts, ends) {
      guard start >= 64, start <= end, end <= bytes.count else {
        throw ImageError(.damagedPixels, "A frame's RLE header holds impossible offsets.")
      }
      ranges.append(start..<end)
    }
    return ranges
  }

  /// PackBits (PS3.5 G.3.2); returns how many bytes came out. What passes the plane is padding.
  private static func unpack(
    _ source: UnsafeRawBufferPointer, _ out: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let from = source.baseAddress, let to = out.baseAddress else { return 0 }
    let end = source.count
    let room = out.count
    var at = 0
    var written = 0
    while at < end && written < room {
      let control = Int(unsafe from.load(fromByteOffset: at, as: UInt8.self))
      at += 1
      if control < 128 {
        let count = min(control + 1, room - written, end - at)
        unsafe memcpy(to + written, from + at, count)
        at += control + 1
        written += count
      } else if control > 128 {
        guard at < end else { break }
        let count = min(257 - control, room - written)
        unsafe memset(to + written, Int32(from.load(fromByteOffset: at, as: UInt8.self)), count)
        at += 1
        written += count
      }
    }
    return written
  }

  /// Planes of bytes, highest first, -> samples in native order, those of a pixel side by side.
  private static func gathered(_ planes: [UInt8], _ samples: Int, _ size: Int) -> [UInt8] {
    let plane = planes.count / samples / size
    return unsafe [UInt8](unsafeUninitializedCapacity: planes.count) { out, used in
      used = planes.count
      guard plane > 0 else { return }
      unsafe planes.withUnsafeBufferPointer { source in
        let from = source.baseAddress!
        let to = UnsafeMutableRawPointer(out.baseAddress!)
        if samples == 1 && size == 2 {
          // The hot path: two planes into words.
          let (high, low) = unsafe (from, from + plane)
          for i in 0..<plane {
            let word = unsafe UInt16(high[i]) &<< 8 | UInt16(low[i])
            unsafe to.storeBytes(of: word, toByteOffset: 2 * i, as: UInt16.self)
          }
          return
        }
        for sample in 0..<samples {
          for byte in 0..<size {
            let one = unsafe from + (sample * size + byte) * plane
            let offset = sample * size + (size - 1 - byte)
            for i in 0..<plane {
              unsafe to.storeBytes(
                of: one[i], toByteOffset: i * samples * size + offset, as: UInt8.self)
            }
          }
        }
      }
    }
  }
}
