import MedicalImaging

/// Reads ordinary pictures: PNG, JPEG, TIFF with BigTIFF, JPEG 2000.
///
/// What a source is, its content says, never its name. Values are those of the file: nothing is
/// scaled but grey of 1, 2 and 4 bits (v x 255 / (2^bits - 1), as Pillow and libpng do), nothing is
/// blended with a background; a colour profile is given beside the colours and not applied:
/// `ColorTransform` does that. What was done beyond that is a finding.
///
/// A slide of a microscope's maker is no ordinary picture: its label and overview would be pages.
public enum PictureReader {
  /// What the source holds. Reads no pixels.
  ///
  /// Throws `.unsupportedFormat` where it is no picture of these formats or a slide, `.damagedHeader`
  /// or `.truncated` where its first page cannot be told, `.unsupportedPixels` where the whole format
  /// of a JPEG is one that is not read.
  public static func contents(of source: SourceBytes) throws(ImageError) -> PictureContents {
    switch try format(of: source) {
    case .png: try PNGReader(source).contents
    case .jpeg: try JPEGReader(source).contents
    case .tiff:
      if TIFFSlideWords.found(in: source) {
        throw .slideInTIFF
      } else {
        try TIFFDirectories(source).contents(source)
      }
    case .jpeg2000: try JPEG2000Reader(source).contents
    }
  }

  /// One page of the source, counted from 0. `memoryLimit` bounds, in bytes, what decoding takes;
  /// what a header claims is held against it before memory is taken.
  ///
  /// Throws what `contents` throws; `.noPixels` where there is no such page, `.damagedHeader`,
  /// `.damagedPixels` or `.truncated` where it cannot be decoded whole, `.unsupportedPixels` where it
  /// is of a kind that is not read, `.memory` where it would take more than the limit.
  public static func read(
    _ source: SourceBytes, page: Int = 0, memoryLimit: Int = 1 << 30
  ) throws(ImageError) -> Picture {
    precondition(page >= 0, "pages are counted from 0")
    let format = try format(of: source)
    guard page == 0 || format == .tiff else {
      throw ImageError(
        .noPixels, "The picture has no such page.", remedy: "Name a page that it has.")
    }
    return switch format {
    case .png: try PNGReader(source).read(memoryLimit)
    case .jpeg: try JPEGReader(source).read(memoryLimit)
    case .tiff: try TIFFReader(source, page: page, memoryLimit).read()
    case .jpeg2000: try JPEG2000Reader(source).read(memoryLimit)
    }
  }

  /// The numbers of a PNG's pixels as they stand in the file: palette indices, or grey of any depth
  /// that is not spread over 8 bits. Masks are written so.
  ///
  /// Throws `.unsupportedFormat` where the source is no PNG, `.unsupportedPixels` where a pixel is more
  /// than one number, and otherwise as `read` does.
  public static func numbers(of source: SourceBytes, memoryLimit: Int = 1 << 30)
    throws(ImageError) -> StoredPlane
  {
    guard try format(of: source) == .png else {
      throw ImageError(
        .unsupportedFormat, "The mask is no PNG.", remedy: "Save it as PNG, without loss.")
    }
    return try PNGReader(source).readNumbers(memoryLimit)
  }

  private static func format(of source: SourceBytes) throws(ImageError) -> PictureFormat {
    guard let format = PictureFormat(head: source.head(12)) else {
      throw ImageError(
        .unsupportedFormat, "The source is no PNG, JPEG, TIFF or JPEG 2000 picture.",
        remedy: "Save it again as PNG, or leave it out.")
    }
    return format
  }
}

extension ImageError {
  /// A slide in a TIFF where pictures are read: its pages are not looked at.
  static let slideInTIFF = ImageError(
    .unsupportedFormat,
    "It is a microscope's slide, whose pages may be its label, and not of a form that is read as one.",
    remedy: "Have it written as a DICOM slide, or leave it out.")

  /// A picture whose file is damaged or ends too early.
  static func picture(_ code: ErrorCode, _ message: String, cause: String? = nil) -> ImageError {
    ImageError(
      code, message, remedy: "Copy the picture again from where it came from.",
      cause: cause.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// A picture of a kind that is not read.
  static func unread(_ message: String) -> ImageError {
    ImageError(.unsupportedPixels, message, remedy: "Save it again as PNG, or leave it out.")
  }
}
