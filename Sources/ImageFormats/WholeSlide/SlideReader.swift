import MedicalImaging

/// Reads slides as images whose frames are their levels.
public enum SlideReader {
  /// Whether a file is a slide of a microscope's maker, by what OpenSlide says of it. A tiled TIFF of
  /// no maker is an ordinary picture.
  ///
  /// `claim` is what the file says itself. Throws `.unsupportedFormat` where OpenSlide is not
  /// installed and the file may be a slide, and where it claims to be one that OpenSlide does not
  /// know.
  public static func recognises(path: String, claim: SlideClaim) throws(ImageError) -> Bool {
    if claim == .none { return false }
    // Without OpenSlide, a TIFF of no maker is what it would be with it.
    if claim == .tiff, OpenSlideHandle.libraryVersion == nil { return false }
    if let vendor = try OpenSlideImage.vendor(path: path), vendor != "generic-tiff" { return true }
    switch claim {
    case .slide: throw .slideInTIFF
    case .several:
      throw ImageError(
        .missing, "It is a slide of several files, and others of them are not there.",
        remedy: "Copy the slide again, with the files and the folder beside it.")
    case .none, .tiff, .database: return false
    }
  }

  /// The slide of a maker as an image. Nobody is named.
  ///
  /// Throws what `OpenSlideImage` and `SlideResolutionTable` throw.
  public static func instance(path: String, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> InstanceHeader
  {
    let slide = try OpenSlideImage(.file(path: path), memoryLimit: memoryLimit)
    var description = InstanceHeader.Description()
    description.fileKind = .wholeSlide
    description.modality = "SM"
    var facts = SlideFacts(levels: slide.levels, micronsPerPixel: nil)
    switch slide.resolution(given: try SlideResolutionTable.given(beside: path)) {
    case .known(let size): facts.micronsPerPixel = size
    case .refused(let error): facts.unknownBecause = error.message
    }
    return InstanceHeader(
      slide, facts, identity: .init(), description: description, order: .init(), pixels: .init())
  }

  /// One instance of a DICOM slide as an image, whose frames are the optical paths of the level that it
  /// is, or is a part of; nil for label, overview and thumbnail. `path` is where it lies, nil in an archive. How large its
  /// pixels are, `SlideSeries` judges.
  ///
  /// Throws what `DICOMSlide` throws.
  public static func instance(
    _ bytes: SourceBytes, path: String?, memoryLimit: Int = 1 << 30
  ) throws(ImageError) -> (picture: SlidePicture, header: InstanceHeader?) {
    let instance = try DICOMSlideInstance.read(bytes, memoryLimit: memoryLimit)
    guard instance.picture == .tissue else { return (instance.picture, nil) }
    let slide = try DICOMSlide(
      [(instance, bytes)], opticalPath: instance.opticalPaths.first, focalPlane: .middle,
      memoryLimit: memoryLimit)
    var description = instance.header.description
    description.fileKind = .dicomSlide
    let given = try path.flatMap { path throws(ImageError) in
      try SlideResolutionTable.given(beside: path)
    }
    var facts = SlideFacts(
      levels: slide.levels, micronsPerPixel: given ?? instance.micronsPerPixel)
    var own = SlideFacts.Instance()
    own.opticalPaths = instance.opticalPaths
    own.objectivePower = instance.objectivePower
    own.isGiven = given != nil
    own.isPart = !instance.isWhole
    own.concatenation = instance.concatenation
    facts.instance = own
    return (
      .tissue,
      InstanceHeader(
        slide, facts, grey: slide.isGrey ? instance.header.format : nil,
        identity: instance.header.identity, description: description, order: instance.header.order,
        pixels: instance.header.pixels)
    )
  }
}

extension DICOMSlideInstance {
  /// Whether its frames are surely all that its level has. Those that say themselves where they lie may
  /// be some of them.
  fileprivate var isWhole: Bool {
    guard framesBefore == 0, concatenation.isEmpty else { return false }
    switch arrangement {
    case .placed: return false
    case .unknown: return true
    case .full:
      let format = header.format
      guard format.columns > 0, format.rows > 0 else { return false }
      func tiles(_ side: Int, _ tile: Int) -> Int { side / tile + (side % tile > 0 ? 1 : 0) }
      let (area, overflow) = tiles(columns, format.columns).multipliedReportingOverflow(
        by: tiles(rows, format.rows))
      let (layers, tooMany) = opticalPaths.count.multipliedReportingOverflow(by: focalPlanes)
      let (all, isMore) = area.multipliedReportingOverflow(by: layers)
      return !overflow && !tooMany && !isMore && all <= header.frames
    }
  }
}

extension InstanceHeader {
  fileprivate init(
    _ slide: some WholeSlide, _ facts: SlideFacts, grey: PixelFormat? = nil, identity: Identity,
    description: Description,
    order: Order, pixels: PixelLocation
  ) {
    var shared = FrameFacts()
    if let size = facts.micronsPerPixel, [size.x, size.y].allSatisfy({ $0.isFinite && $0 > 0 }) {
      shared.pixelAspect = size.y / size.x
    }
    var format =
      grey
      ?? PixelFormat(
        rows: 0, columns: 0, samplesPerPixel: 3, photometric: .rgb, planarConfiguration: 0,
        bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: false)
    (format.columns, format.rows) = (facts.levels[0].columns, facts.levels[0].rows)
    self.init(
      identity: identity, description: description, order: order, format: format,
      frames: facts.instance?.opticalPaths.count ?? facts.levels.count, shared: shared,
      perFrame: [], padding: nil, palette: nil,
      // Of a DICOM slide each optical path has its own.
      colorProfile: facts.instance == nil ? slide.colorProfile : nil, pixels: pixels,
      findings: slide.findings)
    self.slide = facts
  }
}
