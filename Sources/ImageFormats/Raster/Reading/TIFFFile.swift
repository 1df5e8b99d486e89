import CTIFF
import MedicalImaging

/// A TIFF file in libtiff's hands; it reads the source's memory itself.
@safe final class TIFFFile {
  private let handle: OpaquePointer
  // libtiff reads its memory until the handle is closed.
  private let source: SourceBytes

  /// Throws `.damagedHeader`.
  init(_ source: SourceBytes, limit: Int) throws(ImageError) {
    let handle = unsafe source.withUnsafeBytes { all in
      unsafe ctiff_open(all.baseAddress, all.count, limit)
    }
    guard let handle = unsafe handle else {
      throw .picture(.damagedHeader, "The TIFF's first bytes are damaged.")
    }
    unsafe self.handle = handle
    self.source = source
  }

  deinit { unsafe ctiff_close(handle) }

  /// Words of libtiff's last complaint.
  var cause: String? {
    let words = unsafe String(cString: ctiff_cause(handle))
    return words.isEmpty ? nil : "libtiff: " + words
  }

  /// Whether libtiff complained since the page was described.
  var hasComplaints: Bool { unsafe ctiff_complaints(handle) > 0 }

  /// What kind of page the directory is; nil where it cannot be read.
  func kind(at offset: Int) -> ctiff_kind? {
    guard unsafe ctiff_select(handle, UInt64(offset)) else { return nil }
    var kind = ctiff_kind()
    unsafe ctiff_describe_kind(handle, &kind)
    return kind
  }

  /// Makes a directory the current one, and tells what it says. Throws `.damagedHeader` or
  /// `.truncated`.
  func page(at offset: Int) throws(ImageError) -> ctiff_page {
    var page = ctiff_page()
    guard unsafe ctiff_select(handle, UInt64(offset)), unsafe ctiff_describe(handle, &page) else {
      throw .picture(.damagedHeader, "The page's directory in the TIFF is damaged.", cause: cause)
    }
    guard unsafe !ctiff_is_short(handle) else {
      throw .picture(.truncated, "The TIFF ends within the page's directory.", cause: cause)
    }
    return page
  }

  /// The current page's colour map as bytes, red, green, blue: the higher byte of each entry; with a
  /// finding where the entries have only 8 bits. Throws `.damagedHeader` where there is none.
  func palette(bits: Int, _ findings: inout [InstanceHeader.Finding]) throws(ImageError) -> [UInt8]
  {
    var (red, green, blue): (UnsafePointer<UInt16>?, UnsafePointer<UInt16>?, UnsafePointer<UInt16>?)
    unsafe (red, green, blue) = (nil, nil, nil)
    guard unsafe ctiff_colormap(handle, &red, &green, &blue), let red = unsafe red,
      let green = unsafe green, let blue = unsafe blue
    else { throw .picture(.damagedHeader, "The page of the TIFF lacks its colour map.") }
    let entries = (0..<1 << bits).flatMap { unsafe [red[$0], green[$0], blue[$0]] }
    guard entries.contains(where: { $0 > 255 }) || entries.allSatisfy({ $0 == 0 }) else {
      findings.append(
        .init("palette_bits", "The colour map has entries of 8 bits, not of 16; taken as such."))
      return entries.map { UInt8(truncatingIfNeeded: $0) }
    }
    return entries.map { UInt8(truncatingIfNeeded: $0 >> 8) }
  }

  /// The current page's ICC profile; nil where there is none.
  var profile: [UInt8]? {
    var count = 0
    guard let bytes = unsafe ctiff_profile(handle, &count), (1...ColorTransform.longest) ~= count
    else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Decodes a block of the current page. Throws `.damagedPixels`.
  func read(block: Int, into out: UnsafeMutableRawBufferPointer) throws(ImageError) {
    guard unsafe ctiff_read(handle, UInt32(block), out.baseAddress, out.count) else {
      throw .picture(
        .damagedPixels, "A strip or tile of the TIFF is damaged or incomplete.", cause: cause)
    }
  }

  /// Decodes the whole current page into red, green, blue and alpha. Throws `.damagedPixels`.
  func readColours(columns: Int, rows: Int) throws(ImageError) -> [UInt32] {
    var isWhole = false
    let size = columns * rows
    let out = unsafe [UInt32](unsafeUninitializedCapacity: size) { out, used in
      // libtiff writes what it decodes and leaves the rest.
      unsafe out.initialize(repeating: 0)
      isWhole = unsafe ctiff_read_rgba(
        handle, UInt32(columns), UInt32(rows), out.baseAddress)
      used = size
    }
    guard isWhole else {
      throw .picture(
        .damagedPixels, "The page of the TIFF is damaged, or of a colour model that is not read.",
        cause: cause)
    }
    return out
  }
}
