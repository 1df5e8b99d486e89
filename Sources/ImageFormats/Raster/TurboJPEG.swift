import CTurboJPEG
import MedicalImaging

/// One 8-bit DCT picture decoded by libjpeg-turbo: accurate integer transform, smooth chrominance.
struct TurboJPEG {
  /// How the samples of a pixel are to come out.
  enum Layout {
    case grey, rgb, inks

    var samples: Int {
      switch self {
      case .grey: 1
      case .rgb: 3
      case .inks: 4
      }
    }
    fileprivate var format: TJPF {
      switch self {
      case .grey: TJPF_GRAY
      case .rgb: TJPF_RGB
      case .inks: TJPF_CMYK
      }
    }
  }

  enum Outcome { case whole, mended, incomplete, failed }

  /// rows x columns x samples; empty where it failed.
  let bytes: [UInt8]
  let outcome: Outcome
  /// The library's first complaint.
  let words: String

  /// The sizes are those of the bitstream, and their product is within what may be taken. Throws
  /// `.memory`.
  init(_ source: UnsafeRawBufferPointer, columns: Int, rows: Int, _ layout: Layout)
    throws(ImageError)
  {
    let size = rows * columns * layout.samples
    let strict = try unsafe Self.decode(
      source, columns, rows, layout, size, flags: TJFLAG_STOPONWARNING)
    guard let complaint = strict.words else {
      (bytes, outcome, words) = (strict.bytes, .whole, "")
      return
    }
    words = "libjpeg-turbo: " + complaint
    if complaint.contains("Premature end") {
      (bytes, outcome) = ([], .incomplete)
      return
    }
    // The library does not tell an error that follows a warning from the warning; but its words are
    // those of the error then.
    let lenient = try unsafe Self.decode(source, columns, rows, layout, size, flags: 0)
    let isMended = lenient.words == complaint
    let hasEnd = unsafe JPEGEnd.isThere(source)
    let isComplete = isMended && hasEnd
    bytes = isComplete ? lenient.bytes : []
    outcome = isComplete ? .mended : isMended ? .incomplete : .failed
  }

  /// All rows where nothing, or nothing but warnings was said, else what was written until then.
  /// Throws `.memory`.
  private static func decode(
    _ source: UnsafeRawBufferPointer, _ columns: Int, _ rows: Int, _ layout: Layout, _ size: Int,
    flags: Int32
  ) throws(ImageError) -> (bytes: [UInt8], words: String?) {
    guard let decoder = unsafe tjInitDecompress() else {
      throw ImageError(.memory, "The JPEG decoder could not be started.")
    }
    defer { unsafe tjDestroy(decoder) }
    var status: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      if flags == 0 { unsafe buffer.initialize(repeating: 0) }
      unsafe status = tjDecompress2(
        decoder, source.assumingMemoryBound(to: UInt8.self).baseAddress, UInt(source.count),
        buffer.baseAddress, Int32(columns), 0, Int32(rows), Int32(layout.format.rawValue),
        TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS | flags)
      used = status == 0 || flags == 0 ? size : 0
    }
    return (bytes, status == 0 ? nil : unsafe String(cString: tjGetErrorStr2(decoder)))
  }
}

/// Whether a JPEG has its end (ITU-T T.81 B.1.1.3).
private enum JPEGEnd {
  /// Follows the segments, and the data of the scans, to an EOI marker.
  static func isThere(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = 2
    while at + 1 < bytes.count {
      guard unsafe bytes[at] == 0xFF else {
        at += 1
        continue
      }
      switch unsafe bytes[at + 1] {
      case 0xD9: return true
      case 0xFF: at += 1
      // Stuffed zeros, TEM, restarts and SOI have no length.
      case 0, 1, 0xD0...0xD8: at += 2
      default:
        guard at + 3 < bytes.count else { return false }
        at += 2 + (unsafe Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
      }
    }
    return false
  }
}
