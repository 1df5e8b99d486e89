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
    guard let decoder = unsafe tjInitDecompress() else {
      throw ImageError(.memory, "The JPEG decoder could not be started.")
    }
    defer { unsafe tjDestroy(decoder) }
    let size = rows * columns * layout.samples
    var status: Int32 = 0
    var isWarning = false
    bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      unsafe status = tjDecompress2(
        decoder, source.assumingMemoryBound(to: UInt8.self).baseAddress, UInt(source.count),
        buffer.baseAddress, Int32(columns), 0, Int32(rows), Int32(layout.format.rawValue),
        TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
      // After a warning every row was written.
      isWarning = unsafe status != 0 && tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue)
      used = status == 0 || isWarning ? size : 0
    }
    words = status == 0 ? "" : unsafe "libjpeg-turbo: " + String(cString: tjGetErrorStr2(decoder))
    outcome =
      status == 0
      ? .whole : words.contains("Premature end") ? .incomplete : isWarning ? .mended : .failed
  }
}
