import COpenSlide
import MedicalImaging

/// A slide that OpenSlide has open.
///
/// What OpenSlide says of errors holds paths and header values, so that nothing of it is passed on.
@safe final class OpenSlideHandle: @unchecked Sendable {
  // Sendable: an openslide_t may be used by several threads at once (OpenSlide's manual), and the
  // pointer stays as it is from init to deinit.
  private let slide: OpaquePointer
  private let library: copenslide

  /// Throws `.unsupportedFormat` where OpenSlide does not know the file, `.damagedHeader` where it
  /// cannot open it; and what `library` throws.
  init(path: String) throws(ImageError) {
    library = try Self.library()
    guard let slide = unsafe library.open(path) else {
      throw ImageError(
        .unsupportedFormat, "The file is no slide that OpenSlide reads, or its end is missing.",
        remedy: "Copy the file again, or leave it out.")
    }
    unsafe self.slide = slide
    // From here on deinit closes it.
    guard unsafe library.get_error(slide) == nil else {
      throw ImageError(
        .damagedHeader, "The slide cannot be opened: it is damaged or incomplete.",
        remedy: "Copy the file again from where it came from.")
    }
  }

  deinit { unsafe library.close(slide) }

  /// OpenSlide itself. Throws `.unsupportedFormat` where it is not installed.
  private static func library() throws(ImageError) -> copenslide {
    guard let library = unsafe copenslide() else {
      throw ImageError(
        .unsupportedFormat,
        "Whether the file is a slide cannot be told: OpenSlide (libopenslide.so.0) is not installed.",
        remedy: "Install the system's package of OpenSlide (libopenslide0), then run again.")
    }
    return unsafe library.pointee
  }

  /// OpenSlide's version, nil where it is not installed.
  static var libraryVersion: String? {
    unsafe (try? library())?.get_version().map { unsafe String(cString: $0) }
  }

  /// The name of the format, nil where it is none of OpenSlide's; whether it can be opened is not
  /// said.
  ///
  /// Throws what `library` throws.
  static func vendor(path: String) throws(ImageError) -> String? {
    unsafe try library().detect_vendor(path).map { unsafe String(cString: $0) }
  }

  /// Once an error occurred, nothing more can be read through this handle.
  var hasFailed: Bool { unsafe library.get_error(slide) != nil }

  var levelCount: Int { unsafe Int(library.get_level_count(slide)) }

  func size(level: Int) -> (columns: Int, rows: Int) {
    var columns: Int64 = -1
    var rows: Int64 = -1
    unsafe library.get_level_dimensions(slide, Int32(level), &columns, &rows)
    return (Int(columns), Int(rows))
  }

  func downsample(level: Int) -> Double {
    unsafe library.get_level_downsample(slide, Int32(level))
  }

  func property(_ name: String) -> String? {
    unsafe library.get_property_value(slide, name).map { unsafe String(cString: $0) }
  }

  /// A property as a number; nil where it is absent or none.
  func number(_ name: String) -> Double? {
    property(name).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The names of pictures beside the tissue.
  var associatedNames: [String] {
    guard let names = unsafe library.get_associated_image_names(slide) else { return [] }
    var found: [String] = []
    while let name = unsafe names[found.count] { found.append(unsafe String(cString: name)) }
    return found
  }

  /// Premultiplied ARGB, four bytes a pixel in native words, of a part whose first pixel is at
  /// (`x`, `y`) in level 0; false where it failed. The buffer holds columns x rows words.
  func read(
    into words: UnsafeMutablePointer<UInt32>, x: Int, y: Int, level: Int, columns: Int, rows: Int
  ) -> Bool {
    unsafe library.read_region(
      slide, words, Int64(x), Int64(y), Int32(level), Int64(columns), Int64(rows))
    return !hasFailed
  }
}
