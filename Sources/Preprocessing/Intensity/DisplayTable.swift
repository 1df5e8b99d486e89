import MedicalImaging

/// Stored values -> 8-bit display values as one flat table by raw bit pattern: modality transform,
/// display mapping and padding worked out once, then one look-up a sample.
public struct DisplayTable: Sendable {
  public let sample: StoredPlane.Sample
  /// 256 or 65,536 greys.
  private let greys: [UInt8]
  /// True where every byte stands for itself.
  private let isIdentity: Bool

  /// Padding is black, also where the mapping inverts (PS3.3 C.7.5.1.1.2).
  public init(
    sample: StoredPlane.Sample, modality: ModalityTransform, padding: PixelPadding?,
    mapping: DisplayMapping
  ) {
    self.sample = sample
    let greys = (0..<sample.patterns).map { pattern -> UInt8 in
      let stored = sample.storedValue(pattern: pattern)
      if padding?.values.contains(stored) == true { return 0 }
      return mapping.grey(modality(stored))
    }
    self.greys = greys
    isIdentity = greys.elementsEqual(UInt8.min...UInt8.max)
  }

  /// The plane as 8 bit: rows x columns x samplesPerPixel, in the plane's order.
  public func render(_ plane: StoredPlane) -> [UInt8] {
    precondition(plane.sample == sample, "a table serves one type of sample")
    if isIdentity { return plane.bytes }
    let count = plane.columns * plane.rows * plane.samplesPerPixel
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe plane.bytes.withUnsafeBytes { input in
        unsafe greys.withUnsafeBufferPointer { greys in
          if sample.size == 1 {
            for i in 0..<count { unsafe output[i] = greys[Int(input[i])] }
          } else {
            unsafe Self.render16(input, greys, output)
          }
        }
      }
      initialized = count
    }
  }

  /// Four samples a machine word: one load and one store for four look-ups.
  private static func render16(
    _ input: UnsafeRawBufferPointer, _ greys: UnsafeBufferPointer<UInt8>,
    _ output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let count = input.count / 2
    let words = count / 4
    let raw = UnsafeMutableRawBufferPointer(output)
    for i in 0..<words {
      let w = unsafe input.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
      let a = unsafe UInt32(greys[Int(w & 0xFFFF)])
      let b = unsafe UInt32(greys[Int(w >> 16 & 0xFFFF)])
      let c = unsafe UInt32(greys[Int(w >> 32 & 0xFFFF)])
      let d = unsafe UInt32(greys[Int(w >> 48)])
      unsafe raw.storeBytes(
        of: a | b << 8 | c << 16 | d << 24, toByteOffset: 4 * i, as: UInt32.self)
    }
    for i in 4 * words..<count {
      let pattern = unsafe input.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)
      unsafe output[i] = greys[Int(pattern)]
    }
  }
}
