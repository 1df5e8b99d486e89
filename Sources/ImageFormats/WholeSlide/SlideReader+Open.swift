import MedicalImaging

extension SlideReader {
  /// A slide whose regions are read: of a maker's slide all levels, of a DICOM slide those of the images
  /// in `files`, in the optical path that is frame `frame` of `header`.
  ///
  /// `files` begins with the file that the header was read from. `memoryLimit` bounds, in bytes, what
  /// one region takes. Also gives which focal plane is read of several.
  ///
  /// Throws what opening the slide throws, `.unreadable` where it has changed since.
  public static func open(
    _ header: InstanceHeader, _ files: ImageFiles, frame: Int, focalPlane: SlideFocalPlane,
    memoryLimit: Int
  ) throws(ImageError) -> (slide: any WholeSlide, focalPlane: Int?) {
    guard let instance = header.slide?.instance else {
      let slide = try OpenSlideImage(
        files.paths.first.map { .file(path: $0) } ?? .archiveMember, memoryLimit: memoryLimit)
      guard slide.levels.count == header.frames else {
        throw ImageError(
          .unreadable, "The slide has changed since it was looked at.",
          remedy: "Run the same command again: it takes in what has changed.")
      }
      return (slide, nil)
    }
    let sources = try ([files.header] + files.parts).map { bytes throws(ImageError) in
      (try DICOMSlideInstance.read(bytes, memoryLimit: memoryLimit), bytes)
    }
    let slide = try DICOMSlide(
      sources, opticalPath: instance.opticalPaths[frame], focalPlane: focalPlane,
      memoryLimit: memoryLimit)
    return (slide, slide.focalPlane)
  }
}
