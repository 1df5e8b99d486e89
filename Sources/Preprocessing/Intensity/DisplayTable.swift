import MedicalImaging

/// Stored values -> display values of 8 or 16 bits: of samples of 8 and 16 bits as one flat table by raw
/// bit pattern (modality transform, display mapping and padding worked out once, then one look-up a
/// sample), of wider samples one by one.
public struct DisplayTable: Sendable {
  public let sample: StoredPlane.Sample
  private let modality: ModalityTransform
  private let padding: PixelPadding?
  private let mapping: DisplayMapping
  private let depth: PictureDepth
  /// What each of 256 or 65,536 patterns is shown as, `layout.bytesPerPixel` bytes each; none for samples
  /// with more patterns.
  private let entries: [UInt8]
  /// True where every byte stands for itself.
  private let isIdentity: Bool

  /// Samples of a shown pixel, and bits of each.
  public var channels: Int { mapping.channels }

  /// Padding is black, also where the mapping inverts (PS3.3 C.7.5.1.1.2). Of several channels each has
  /// 8 bits, whatever the depth.
  public init(
    sample: StoredPlane.Sample, modality: ModalityTransform, padding: PixelPadding?,
    mapping: DisplayMapping, depth: PictureDepth = .eight
  ) {
    self.sample = sample
    self.modality = modality
    self.padding = padding
    self.mapping = mapping
    self.depth = depth
    let patterns = sample.isTabular ? sample.patterns : 0
    if mapping.channels == 1, depth == .eight {
      // The common case, of which a table is made for each radiograph.
      entries = unsafe [UInt8](unsafeUninitializedCapacity: patterns) { entries, count in
        for pattern in 0..<patterns {
          let stored = sample.storedValue(pattern: pattern)
          unsafe entries[pattern] =
            Self.isBlack(stored, padding) ? 0 : mapping.grey(modality(stored))
        }
        count = patterns
      }
    } else {
      var entries: [UInt8] = []
      entries.reserveCapacity(patterns * mapping.channels * 2)
      for pattern in 0..<patterns {
        Self.append(
          sample.storedValue(pattern: pattern), modality, padding, mapping, depth, to: &entries)
      }
      self.entries = entries
    }
    isIdentity = entries.elementsEqual(UInt8.min...UInt8.max)
  }

  /// Padding is black, and so is what is no number.
  private static func isBlack(_ stored: Double, _ padding: PixelPadding?) -> Bool {
    stored.isNaN || padding?.values.contains(stored) == true
  }

  private static func append(
    _ stored: Double, _ modality: ModalityTransform, _ padding: PixelPadding?,
    _ mapping: DisplayMapping, _ depth: PictureDepth, to entries: inout [UInt8]
  ) {
    let isBlack = isBlack(stored, padding)
    if mapping.channels == 1, depth == .sixteen {
      let grey = isBlack ? 0 : mapping.grey16(modality(stored))
      // Native endian, as pictures are in memory.
      unsafe withUnsafeBytes(of: grey) { unsafe entries.append(contentsOf: $0) }
      return
    }
    for channel in 0..<mapping.channels {
      entries.append(isBlack ? 0 : mapping.grey(modality(stored), channel: channel))
    }
  }

  /// The plane as it is shown: rows x columns x samplesPerPixel, in the plane's order; of grey through
  /// several channels, rows x columns x channels.
  public func render(_ plane: StoredPlane) -> [UInt8] {
    precondition(plane.sample == sample, "a table serves one type of sample")
    if isIdentity { return plane.bytes }
    let count = plane.columns * plane.rows * plane.samplesPerPixel
    guard sample.isTabular else { return each(plane, count) }
    let size = entries.count / sample.patterns
    return unsafe [UInt8](unsafeUninitializedCapacity: count * size) { output, initialized in
      unsafe LargeMemory.prepare(UnsafeMutableRawBufferPointer(output))
      unsafe plane.bytes.withUnsafeBytes { input in
        unsafe entries.withUnsafeBufferPointer { entries in
          switch size {
          case 1 where sample.size == 1:
            for i in 0..<count { unsafe output[i] = entries[Int(input[i])] }
          case 1: unsafe Self.render16(input, entries, output)
          case 2: unsafe move(UInt16.self, input, UnsafeRawBufferPointer(entries), output)
          default:
            unsafe move(
              InlineArray<3, UInt8>.self, input, UnsafeRawBufferPointer(entries), output)
          }
        }
      }
      initialized = count * size
    }
  }

  /// A grey volume as it is shown: of 8 bits, three channels side by side, or 16 bits.
  public func render(_ volume: consuming StoredVolume) -> StoredVolume {
    let plane = StoredPlane(
      columns: volume.columns, rows: volume.rows * volume.slices,
      samplesPerPixel: volume.samplesPerVoxel, sample: volume.sample, bytes: volume.bytes)
    return StoredVolume(
      columns: volume.columns, rows: volume.rows, slices: volume.slices, samplesPerVoxel: channels,
      sample: channels == 1 && depth == .sixteen ? .uint16 : .uint8, bytes: render(plane))
  }

  /// Entries of more than a byte, one by one.
  private func move<Entry: BitwiseCopyable>(
    _ type: Entry.Type, _ input: UnsafeRawBufferPointer, _ entries: UnsafeRawBufferPointer,
    _ output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let raw = UnsafeMutableRawBufferPointer(output)
    let size = MemoryLayout<Entry>.size
    for i in 0..<input.count / sample.size {
      let pattern =
        sample.size == 1
        ? Int(unsafe input[i])
        : Int(unsafe input.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
      let entry = unsafe entries.loadUnaligned(fromByteOffset: pattern * size, as: type)
      unsafe raw.storeBytes(of: entry, toByteOffset: i * size, as: type)
    }
  }

  private func each(_ plane: StoredPlane, _ count: Int) -> [UInt8] {
    var shown: [UInt8] = []
    shown.reserveCapacity(count * channels * 2)
    unsafe plane.bytes.withUnsafeBytes { input in
      for i in 0..<count {
        let stored = unsafe sample.storedValue(input, at: i * sample.size)
        Self.append(stored, modality, padding, mapping, depth, to: &shown)
      }
    }
    return shown
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
