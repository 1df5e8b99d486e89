import MedicalImaging

/// Counts for the planes of one sample type, padding and transform; by raw bit pattern where a sample
/// has 8 or 16 bits.
///
/// Four neighbouring pixels are counted in four lanes, because an increment that waits for the one
/// before it would set the pace: most of a picture's neighbours are alike. Where all pixels of a
/// machine word are equal, as in the air around a patient, one addition serves them all.
struct OpenCounts: Sendable {
  let sample: StoredPlane.Sample
  let padding: PixelPadding?
  let modality: ModalityTransform
  /// lanes[pattern * 4 + lane].
  private var lanes: [UInt32]
  /// Of samples with too many patterns for that.
  private var wide = WideCounts()
  /// Pixels counted so far; no lane can hold more.
  private var pixels = 0

  init(sample: StoredPlane.Sample, padding: PixelPadding?, modality: ModalityTransform) {
    self.sample = sample
    self.padding = padding
    self.modality = modality
    lanes = sample.isTabular ? [UInt32](repeating: 0, count: 4 << (8 * sample.size)) : []
  }

  /// True where the plane can be added without a lane overflowing.
  func takes(
    _ plane: StoredPlane, _ padding: PixelPadding?, _ modality: ModalityTransform
  ) -> Bool {
    sample == plane.sample && self.padding == padding && self.modality == modality
      && pixels + plane.columns * plane.rows <= Int(UInt32.max)
  }

  mutating func add(_ plane: StoredPlane) {
    guard sample.isTabular else {
      wide.add(plane, padding: padding)
      return
    }
    pixels += plane.columns * plane.rows
    unsafe lanes.withUnsafeMutableBufferPointer { counts in
      unsafe plane.bytes.withUnsafeBytes { bytes in
        if sample.size == 1 {
          unsafe Self.count8(bytes, counts)
        } else {
          unsafe Self.count16(bytes, counts)
        }
      }
    }
  }

  /// Padding taken out, the others ascending by stored value.
  var entries: [ValueHistogram.Entry] {
    guard sample.isTabular else { return wide.entries }
    let patterns = lanes.count / 4
    // Ascending by value: negative numbers have the upper half of the patterns.
    let first = sample.isSigned ? patterns / 2 : 0
    var entries: [ValueHistogram.Entry] = []
    for step in 0..<patterns {
      let pattern = (first + step) % patterns
      let count = (0..<4).reduce(UInt64(0)) { $0 + UInt64(lanes[pattern * 4 + $1]) }
      guard count > 0 else { continue }
      let value = sample.storedValue(pattern: pattern)
      if padding?.values.contains(value) != true {
        entries.append(.init(value: value, count: count))
      }
    }
    return entries
  }

  private static func count8(
    _ bytes: UnsafeRawBufferPointer, _ counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    let words = bytes.count / 8
    for i in 0..<words {
      let w = unsafe bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)
      if w == (w << 8 | w >> 56) {
        unsafe counts[Int(w & 0xFF) * 4] &+= 8
      } else {
        for byte in 0..<8 {
          unsafe counts[Int(w >> (UInt64(byte) * 8) & 0xFF) * 4 + byte & 3] &+= 1
        }
      }
    }
    for i in words * 8..<bytes.count { unsafe counts[Int(bytes[i]) * 4] &+= 1 }
  }

  private static func count16(
    _ bytes: UnsafeRawBufferPointer, _ counts: UnsafeMutableBufferPointer<UInt32>
  ) {
    let words = bytes.count / 8
    for i in 0..<words {
      let w = unsafe bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)
      if w == (w << 16 | w >> 48) {
        unsafe counts[Int(w & 0xFFFF) * 4] &+= 4
      } else {
        unsafe counts[Int(w & 0xFFFF) * 4] &+= 1
        unsafe counts[Int(w >> 16 & 0xFFFF) * 4 + 1] &+= 1
        unsafe counts[Int(w >> 32 & 0xFFFF) * 4 + 2] &+= 1
        unsafe counts[Int(w >> 48) * 4 + 3] &+= 1
      }
    }
    for i in stride(from: words * 8, to: bytes.count - 1, by: 2) {
      let v = unsafe bytes.loadUnaligned(fromByteOffset: i, as: UInt16.self)
      unsafe counts[Int(v) * 4] &+= 1
    }
  }
}
