import MedicalImaging

/// Stored values -> 8-bit display values: of 8 and 16 bits as one flat table by raw bit pattern
/// (modality transform, display mapping and padding worked out once, then one look-up a sample), of
/// wider samples one by one.
public struct DisplayTable: Sendable {
  public let sample: StoredPlane.Sample
  private let modality: ModalityTransform
  private let padding: PixelPadding?
  private let mapping: DisplayMapping
  /// 256 or 65,536 greys; none for samples with more patterns.
  private let greys: [UInt8]
  /// True where every byte stands for itself.
  private let isIdentity: Bool

  /// Padding is black, also where the mapping inverts (PS3.3 C.7.5.1.1.2).
  public init(
    sample: StoredPlane.Sample, modality: ModalityTransform, padding: PixelPadding?,
    mapping: DisplayMapping
  ) {
    self.sample = sample
    self.modality = modality
    self.padding = padding
    self.mapping = mapping
    func grey(_ stored: Double) -> UInt8 {
      padding?.values.contains(stored) == true ? 0 : mapping.grey(modality(stored))
    }
    greys =
      sample.isTabular
      ? (0..<sample.patterns).map { grey(sample.storedValue(pattern: $0)) } : []
    isIdentity = greys.elementsEqual(UInt8.min...UInt8.max)
  }

  /// The plane as 8 bit: rows x columns x samplesPerPixel, in the plane's order.
  public func render(_ plane: StoredPlane) -> [UInt8] {
    precondition(plane.sample == sample, "a table serves one type of sample")
    if isIdentity { return plane.bytes }
    let count = plane.columns * plane.rows * plane.samplesPerPixel
    guard sample.isTabular else { return each(plane, count) }
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

  /// Padding is black, and so is what is no number.
  private func each(_ plane: StoredPlane, _ count: Int) -> [UInt8] {
    unsafe plane.bytes.withUnsafeBytes { input in
      (0..<count).map { i in
        let stored = unsafe sample.storedValue(input, at: i * sample.size)
        return stored.isNaN || padding?.values.contains(stored) == true
          ? 0 : mapping.grey(modality(stored))
      }
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
