import MedicalImaging

/// What the markers of a JPEG or JPEG-LS bitstream say before its first scan (ISO/IEC 10918-1 B,
/// ISO/IEC 14495-1 C).
struct JPEGStream {
  /// The frame header's marker: C0 baseline, C1 extended, C2 progressive, C3 lossless, F7 JPEG-LS.
  var process: UInt8 = 0
  var precision = 0
  var rows = 0
  var columns = 0
  var componentIDs: [UInt8] = []
  var hasJFIF = false
  /// The transform of an Adobe marker: 0 none, 1 YCbCr, 2 YCCK; nil without one.
  var adobeTransform: Int?
  /// Where the JFIF and Adobe markers lie, from FF to the end of the segment.
  var colorMarkers: [Range<Int>] = []
  /// The first Exif block (Exif 2.3, 4.5.2), behind its name.
  var exif: Range<Int>?

  var isLS: Bool { process == 0xF7 }
  var isLossless: Bool { process == 0xC3 }
  var isProgressive: Bool { process == 0xC2 || process == 0xCA }
  /// 8-bit DCT, sequential or progressive, Huffman or arithmetic.
  var isTurbo: Bool { precision == 8 && [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(process) }

  /// Nil where the bytes do not begin with a start marker, or hold no frame header before a scan.
  init?(_ bytes: borrowing Span<UInt8>) {
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    var at = 2
    while at + 4 <= bytes.count {
      guard bytes[at] == 0xFF else {
        at += 1
        continue
      }
      let marker = bytes[at + 1]
      if marker == 0xFF || marker == 0 || marker == 1 || (0xD0...0xD8).contains(marker) {
        at += marker == 0xFF ? 1 : 2
        continue
      }
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 2 + length
      guard marker != 0xD9, marker != 0xDA, length >= 2, end <= bytes.count else { return nil }
      switch marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
        guard length >= 8 else { return nil }
        process = marker
        precision = Int(bytes[at + 4])
        rows = Int(bytes[at + 5]) << 8 | Int(bytes[at + 6])
        columns = Int(bytes[at + 7]) << 8 | Int(bytes[at + 8])
        let count = Int(bytes[at + 9])
        guard count > 0, length >= 8 + 3 * count else { return nil }
        for i in 0..<count { componentIDs.append(bytes[at + 10 + 3 * i]) }
        return
      case 0xE0 where length >= 7 && bytes[at + 4] == 0x4A && bytes[at + 5] == 0x46:
        hasJFIF = true
        colorMarkers.append(at..<end)
      case 0xEE where length >= 14 && bytes[at + 4] == 0x41 && bytes[at + 5] == 0x64:
        adobeTransform = Int(bytes[at + 15])
        colorMarkers.append(at..<end)
      case 0xE1 where length >= 8 && exif == nil && bytes[at + 4] == 0x45:
        let name = (4..<10).map { bytes[at + $0] }
        if name == Array("Exif\0\0".utf8) { exif = at + 10..<end }
      default: break
      }
      at = end
    }
    return nil
  }

  /// Whether three components are luminance and chrominance: the Adobe marker says, else JFIF, else
  /// component names R, G, B, else the header.
  func isYBR(_ header: PhotometricInterpretation) -> Bool {
    if let adobeTransform { return adobeTransform != 0 }
    if hasJFIF { return true }
    if hasRGBNames { return false }
    return header != .rgb
  }

  /// What libjpeg would take them for (its default_decompress_parms).
  var libjpegTakesForYBR: Bool {
    if hasJFIF { return true }
    if let adobeTransform { return adobeTransform != 0 }
    return !hasRGBNames
  }

  private var hasRGBNames: Bool {
    componentIDs == [0x52, 0x47, 0x42] || componentIDs == [0x72, 0x67, 0x62]
  }

  /// The bytes with an Adobe marker of that transform in place of all markers of colour.
  func marked(_ bytes: UnsafeRawBufferPointer, transform: UInt8) -> [UInt8] {
    var out: [UInt8] = [0xFF, 0xD8, 0xFF, 0xEE, 0, 14]
    out += Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, transform]
    var at = 2
    for marker in colorMarkers {
      unsafe out.append(contentsOf: bytes[at..<marker.lowerBound])
      at = marker.upperBound
    }
    unsafe out.append(contentsOf: bytes[at...])
    return out
  }
}
