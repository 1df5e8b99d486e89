import ImageFormats

extension DICOMObject {
  /// Image Pixel module of 16 bits allocated; values are two's complement where `signed`.
  mutating func setGrey(
    _ values: [Int16], columns: Int, rows: Int, bitsStored: Int, signed: Bool,
    photometric: String = "MONOCHROME2"
  ) {
    setFormat(
      columns: columns, rows: rows, samples: 1, allocated: 16, stored: bitsStored,
      photometric: photometric)
    set(.pixelRepresentation, signed ? 1 : 0)
    // The machines that Swift runs on are little-endian, as the file is.
    set(.pixelWords, .bytes(unsafe values.withUnsafeBytes { unsafe Array($0) }))
  }

  /// Image Pixel module of 8-bit grey, all frames one after the other.
  mutating func setGrey(_ values: [UInt8], columns: Int, rows: Int) {
    setFormat(
      columns: columns, rows: rows, samples: 1, allocated: 8, stored: 8,
      photometric: "MONOCHROME2")
    set(.pixelRepresentation, 0)
    set(.pixelBytes, .bytes(values))
    setFrames(values.count / (columns * rows))
  }

  /// Image Pixel module of 8-bit RGB, samples of a pixel side by side.
  mutating func setColour(_ values: [UInt8], columns: Int, rows: Int) {
    setFormat(
      columns: columns, rows: rows, samples: 3, allocated: 8, stored: 8, photometric: "RGB")
    set(.planarConfiguration, 0)
    set(.pixelRepresentation, 0)
    set(.pixelBytes, .bytes(values))
    setFrames(values.count / (3 * columns * rows))
  }

  private mutating func setFrames(_ count: Int) {
    if count > 1 { set(.numberOfFrames, count) }
  }

  private mutating func setFormat(
    columns: Int, rows: Int, samples: Int, allocated: Int, stored: Int, photometric: String
  ) {
    set(.columns, columns)
    set(.rows, rows)
    set(.samplesPerPixel, samples)
    set(.photometricInterpretation, photometric)
    set(.bitsAllocated, allocated)
    set(.bitsStored, stored)
    set(.highBit, stored - 1)
  }
}
