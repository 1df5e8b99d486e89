import MedicalImaging

extension DICOMHeaderReader {
  /// The Image Pixel module (PS3.3 C.7.6.3), mended where only one reading is sane.
  ///
  /// Throws `.unsupportedPixels` or `.damagedHeader`.
  mutating func readFormat() throws(ImageError) -> PixelFormat {
    // Of 16 bits each (PS3.3 C.7.6.3.1), whatever VR a file gives them: products rely on it.
    let sizes = 1...Int(UInt16.max)
    guard let rows = root.integer(.rows), let columns = root.integer(.columns),
      sizes.contains(rows), sizes.contains(columns)
    else {
      throw ImageError(
        .damagedHeader, "The image's rows or columns are missing, zero or impossibly many.")
    }
    let samples = readSamples()
    guard samples == 1 || samples == 3 else {
      throw ImageError(.unsupportedPixels, "The image has neither one nor three samples a pixel.")
    }
    let photometric = try readPhotometric(samples: samples)
    if element.kind != .integer {
      // One grey sample of 32 or 64 bits, whatever else stands there (PS3.3 C.7.6.24, C.7.6.25).
      guard samples == 1, photometric.isGrey else {
        throw ImageError(.unsupportedPixels, "Floating-point pixels are read as grey only.")
      }
      let bits = element.kind == .float ? 32 : 64
      return PixelFormat(
        rows: rows, columns: columns, samplesPerPixel: 1, photometric: photometric,
        planarConfiguration: 0, bitsAllocated: bits, bitsStored: bits, highBit: bits - 1,
        isSigned: true, isFloat: true)
    }
    guard let allocated = root.integer(.bitsAllocated) else {
      throw ImageError(.damagedHeader, "The header does not say how many bits a sample takes.")
    }
    guard [1, 8, 16, 32].contains(allocated) else {
      throw ImageError(.unsupportedPixels, "A sample takes neither 1, 8, 16 nor 32 bits.")
    }
    guard photometric != .paletteColor || allocated == 8 || allocated == 16 else {
      throw ImageError(.unsupportedPixels, "The indices of a palette take neither 8 nor 16 bits.")
    }
    guard samples == 1 || allocated > 1 else {
      throw ImageError(.unsupportedPixels, "Colours of one bit are not read.")
    }
    let stored = readBitsStored(allocated: allocated)
    let highBit = readHighBit(allocated: allocated, stored: stored)
    let representation = root.integer(.pixelRepresentation)
    if representation != 0 && representation != 1 {
      note(
        "pixel_representation", "Pixel Representation is missing or invalid; taken as unsigned.")
    }
    let planar = root.integer(.planarConfiguration) ?? 0
    if samples == 3 && planar != 0 && planar != 1 {
      note("planar_configuration", "Planar Configuration is invalid; taken as 0.")
    }
    var format = PixelFormat(
      rows: rows, columns: columns, samplesPerPixel: samples, photometric: photometric,
      planarConfiguration: samples == 3 && planar == 1 ? 1 : 0, bitsAllocated: allocated,
      bitsStored: stored, highBit: highBit, isSigned: representation == 1)
    format.hasEmbeddedOverlay = hasEmbeddedOverlay(format)
    return format
  }

  /// Whether one of the sixteen overlays lies in a bit of the words beside those of the samples.
  private func hasEmbeddedOverlay(_ format: PixelFormat) -> Bool {
    let samples = format.highBit + 1 - format.bitsStored...format.highBit
    return (0..<16).contains { number in
      let group = 0x6000 + 2 * UInt16(number)
      guard root.integer(DICOMTag(group, 0x0100, .unsigned16)) == format.bitsAllocated,
        let bit = root.integer(DICOMTag(group, 0x0102, .unsigned16))
      else { return false }
      return bit < format.bitsAllocated && !samples.contains(bit)
    }
  }

  private mutating func readSamples() -> Int {
    if let samples = root.integer(.samplesPerPixel) { return samples }
    note("samples_per_pixel", "Samples per Pixel is missing; taken as 1.")
    return 1
  }

  private mutating func readPhotometric(samples: Int) throws(ImageError)
    -> PhotometricInterpretation
  {
    let word = root.code(.photometricInterpretation)
    if word.isEmpty {
      note(
        "photometric_interpretation",
        "Photometric Interpretation is missing; taken from the number of samples.")
      return samples == 1 ? .monochrome2 : .rgb
    }
    let term = PhotometricInterpretation(rawValue: word) ?? .other
    guard term != .other else {
      throw ImageError(.unsupportedPixels, "The image's photometric interpretation is not read.")
    }
    let isSingle = term.isGrey || term == .paletteColor
    if isSingle == (samples == 1) { return term }
    note(
      "photometric_interpretation",
      "Photometric Interpretation contradicts the number of samples, which was believed.")
    return samples == 1 ? .monochrome2 : .rgb
  }

  private mutating func readBitsStored(allocated: Int) -> Int {
    guard let stored = root.integer(.bitsStored), stored > 0 else {
      note("bits_stored", "Bits Stored is missing or zero; taken as Bits Allocated.")
      return allocated
    }
    if stored <= allocated { return stored }
    note(
      "bits_stored_above_allocated",
      "Bits Stored is larger than Bits Allocated; taken as Bits Allocated.")
    return allocated
  }

  private mutating func readHighBit(allocated: Int, stored: Int) -> Int {
    guard let high = root.integer(.highBit), high >= stored - 1, high < allocated else {
      note("high_bit", "High Bit is missing or impossible; taken as Bits Stored - 1.")
      return stored - 1
    }
    if high != stored - 1 {
      note("high_bit_shifted", "High Bit is not Bits Stored - 1; values were shifted down.")
    }
    return high
  }

  /// Number of Frames; where it is no number, as many as the pixel data hold.
  ///
  /// Where the pixel data cannot hold them all, one more is counted than they can: it is what the
  /// source is truncated at, and a header of a few bytes makes nobody plan a billion frames.
  mutating func readFrameCount(
    _ format: PixelFormat, _ pixels: InstanceHeader.PixelLocation
  ) -> Int {
    guard let word = root.strings(.numberOfFrames).first, !word.isEmpty else { return 1 }
    let held: Int
    if let offset = pixels.nativeOffset {
      // Rows, columns and files are too small for this to overflow.
      held = min(pixels.nativeLength, bytes.count - offset) * 8 / NativeFrame.bits(format)
    } else {
      // A frame has a fragment of its own at least (PS3.5 A.4).
      held = pixels.fragments.count
    }
    if let frames = DICOMText.integer(word), frames > 0 {
      if frames > held {
        note("frames_missing", "The pixel data hold fewer frames than the header says.")
      }
      return min(frames, held + 1)
    }
    note("number_of_frames", "Number of Frames is no sane number; frames were counted.")
    guard pixels.nativeOffset == nil, !pixels.frameOffsets.isEmpty else { return max(held, 1) }
    return min(pixels.frameOffsets.count, held)
  }

  /// Pixel Padding Value and Range Limit, with the sign of the pixels (PS3.3 C.7.5.1.1.2).
  func readPadding(_ format: PixelFormat) -> PixelPadding? {
    if format.isFloat {
      // PS3.3 C.7.5.1.1.2, C.7.6.24, C.7.6.25.
      let isDouble = format.bitsAllocated == 64
      let tags: (value: DICOMTag, limit: DICOMTag) =
        isDouble
        ? (.doublePaddingValue, .doublePaddingRangeLimit)
        : (.floatPaddingValue, .floatPaddingRangeLimit)
      guard let value = root.number(tags.value), value.isFinite else { return nil }
      return PixelPadding(value: value, limit: root.number(tags.limit))
    }
    func stored(_ tag: DICOMTag) -> Double? {
      guard let value = root.integer(tag) else { return nil }
      return format.isSigned
        ? Double(Int16(truncatingIfNeeded: value)) : Double(UInt16(truncatingIfNeeded: value))
    }
    guard let value = stored(.pixelPaddingValue) else { return nil }
    return PixelPadding(value: value, limit: stored(.pixelPaddingRangeLimit))
  }

  /// The three tables of a palette image (PS3.3 C.7.6.3.1.5).
  ///
  /// Throws `.damagedHeader` where one cannot be read.
  mutating func readPalette(_ format: PixelFormat) throws(ImageError) -> [LookupTable] {
    let isSegmented = root.has(.segmentedPaletteData[0]) && !root.has(.paletteData[0])
    var tables: [LookupTable] = []
    for channel in 0..<3 {
      let descriptor = DICOMTag.paletteDescriptors[channel]
      let table =
        isSegmented
        ? readSegmentedTable(
          descriptor: descriptor, data: .segmentedPaletteData[channel],
          firstIsSigned: format.isSigned)
        : readTable(
          root, descriptor: descriptor, data: .paletteData[channel],
          firstIsSigned: format.isSigned)
      guard let table else {
        throw ImageError(.damagedHeader, "A table of the palette cannot be read.")
      }
      tables.append(table)
    }
    return tables
  }
}
