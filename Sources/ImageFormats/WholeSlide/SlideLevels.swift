import MedicalImaging

/// Decodes the frames of a slide, as `SlideReader` counts them: whole levels of a maker's slide, and the
/// optical paths of one level of a DICOM slide.
struct SlideLevels {
  private enum Slide {
    case maker(OpenSlideImage)
    case dicom([(instance: DICOMSlideInstance, bytes: SourceBytes)], paths: [String])
  }

  private let slide: Slide
  private let focalPlane: SlideFocalPlane
  private let memoryLimit: Int

  /// Throws what opening the slide throws.
  init(
    _ header: InstanceHeader, _ files: ImageFiles, focalPlane: SlideFocalPlane, _ memoryLimit: Int
  ) throws(ImageError) {
    self.focalPlane = focalPlane
    self.memoryLimit = memoryLimit
    if let instance = header.slide?.instance {
      slide = .dicom(
        try ([files.header] + files.parts).map { bytes throws(ImageError) in
          (try DICOMSlideInstance.read(bytes, memoryLimit: memoryLimit), bytes)
        }, paths: instance.opticalPaths)
      return
    }
    let opened = try OpenSlideImage(
      files.paths.first.map { .file(path: $0) } ?? .archiveMember, memoryLimit: memoryLimit)
    guard opened.levels.count == header.frames else {
      throw ImageError(
        .unreadable, "The slide has changed since it was looked at.",
        remedy: "Run the same command again: it takes in what has changed.")
    }
    slide = .maker(opened)
  }

  func decode(_ frame: Int) throws(ImageError) -> DecodedFrame {
    switch slide {
    case .maker(let slide): return try Self.whole(slide, level: frame)
    case .dicom(let sources, let paths):
      let slide = try DICOMSlide(
        sources, opticalPath: paths[frame], focalPlane: focalPlane, memoryLimit: memoryLimit)
      var decoded = try slide.isGrey ? Self.stored(slide) : Self.whole(slide, level: 0)
      decoded.colorProfile = slide.colorProfile
      decoded.focalPlane = slide.focalPlane
      return decoded
    }
  }

  /// Grey is shown as other grey images are, by what is done with its values.
  private static func stored(_ slide: DICOMSlide) throws(ImageError) -> DecodedFrame {
    let size = slide.levels[0]
    let region = try slide.storedRegion(
      level: 0, x: 0, y: 0, columns: size.columns, rows: size.rows)
    return DecodedFrame(plane: region.plane, findings: region.findings)
  }

  private static func whole(_ slide: some WholeSlide, level: Int) throws(ImageError) -> DecodedFrame
  {
    let size = slide.levels[level]
    let region = try slide.region(
      level: level, x: 0, y: 0, columns: size.columns, rows: size.rows)
    return DecodedFrame(
      plane: StoredPlane(
        columns: region.columns, rows: region.rows, samplesPerPixel: 3, sample: .uint8,
        bytes: region.bytes), findings: region.findings)
  }
}
