import MedicalImaging

/// Decodes whole levels of a slide as the frames of an image, as `SlideReader` counts them.
struct SlideLevels {
  private let slide: any WholeSlide

  /// Throws what opening the slide throws.
  init(_ header: InstanceHeader, _ files: ImageFiles, _ memoryLimit: Int) throws(ImageError) {
    if header.description.fileKind == .dicomSlide {
      let sources = try ([files.header] + files.parts).map { bytes throws(ImageError) in
        (try DICOMSlideInstance.read(bytes, memoryLimit: memoryLimit), bytes)
      }
      slide = try DICOMSlide(sources, memoryLimit: memoryLimit)
    } else {
      slide = try OpenSlideImage(
        files.paths.first.map { .file(path: $0) } ?? .archiveMember, memoryLimit: memoryLimit)
    }
    guard slide.levels.count == header.frames else {
      throw ImageError(
        .unreadable, "The slide has changed since it was looked at.",
        remedy: "Run the same command again: it takes in what has changed.")
    }
  }

  func decode(_ level: Int) throws(ImageError) -> DecodedFrame {
    let size = slide.levels[level]
    let region = try slide.region(
      level: level, x: 0, y: 0, columns: size.columns, rows: size.rows)
    return DecodedFrame(
      plane: StoredPlane(
        columns: region.columns, rows: region.rows, samplesPerPixel: 3, sample: .uint8,
        bytes: region.bytes), findings: region.findings)
  }
}
