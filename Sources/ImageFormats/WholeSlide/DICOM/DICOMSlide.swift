import MedicalImaging

/// A DICOM slide: the instances of one series (VL Whole Slide Microscopy, PS3.3 A.32.8).
///
/// Colours are the stored ones: the ICC profile is given and not applied (`ColorTransform`).
public struct DICOMSlide: WholeSlide {
  public let levels: [SlideLevel]
  public let micronsPerPixel: MicronsPerPixel?
  public let objectivePower: Double?
  /// White, as glass is.
  public let background = SlideColor.white
  /// Of the chosen optical path.
  public let colorProfile: [UInt8]?
  /// What each instance shows.
  public let pictures: [SlidePicture]
  public let findings: [InstanceHeader.Finding]
  /// Identifiers of the optical paths of the tissue's images, in their order.
  public let opticalPaths: [String]
  /// Which focal plane of the largest level is read, from 0; nil where it has one.
  public let focalPlane: Int?

  /// Of all images that are read, but for their sizes.
  private let format: PixelFormat
  private let tiles: [SlideTiles]
  /// Nil where an instance is not read.
  private let decoders: [FrameDecoder?]
  private let cache: TileCache
  private let memoryLimit: Int

  /// Makes a slide of instances with the bytes that they were read from, of one series.
  ///
  /// Only images of tissue are opened. A slide of several optical paths, or several focal planes, is
  /// read in the one that is chosen. `memoryLimit`
  /// bounds, in bytes, what one tile and one region take; up to 32 MiB of tiles are kept besides.
  ///
  /// Throws `.noPixels` where no instance is of tissue, `.unsupportedPixels` where samples are neither
  /// colours of 8 bits nor grey of 8 or 16, or an optical path or focal plane has to be chosen,
  /// `.damagedHeader` where images contradict each other or tiles have no place, and what `FrameDecoder`
  /// throws.
  public init(
    _ sources: [(instance: DICOMSlideInstance, bytes: SourceBytes)], opticalPath: String? = nil,
    focalPlane: SlideFocalPlane = .only, memoryLimit: Int = 1 << 30
  ) throws(ImageError) {
    let instances = sources.map(\.instance)
    let tissue = instances.indices.filter { instances[$0].picture == .tissue }
    guard !tissue.isEmpty else {
      throw ImageError(
        .noPixels, "The slide holds no image of tissue.", remedy: "Export the whole series.")
    }
    guard Set(instances.map(\.header.identity.seriesInstanceUID)).count == 1 else {
      throw ImageError(.damagedHeader, "The images of the slide are not of one series.")
    }
    var paths: [String] = []
    for path in tissue.flatMap({ instances[$0].opticalPaths }) where !paths.contains(path) {
      paths.append(path)
    }
    let path = try Self.choose(opticalPath, of: paths)
    let chosen = tissue.filter { instances[$0].opticalPaths.contains(path) }
    let pyramid = try SlidePyramid(chosen.map { ($0, instances[$0]) })
    var decoders = [FrameDecoder?](repeating: nil, count: sources.count)
    try Self.check(chosen.map { instances[$0].header.format })
    for i in chosen {
      decoders[i] = try FrameDecoder(
        header: instances[i].header, bytes: sources[i].bytes, memoryLimit: memoryLimit)
    }
    var tiles: [SlideTiles] = []
    var findings: [InstanceHeader.Finding] = []
    for (level, members) in zip(pyramid.levels, pyramid.members) {
      let made = try SlideTiles(
        members, opticalPath: path, focalPlane: focalPlane, columns: level.columns,
        rows: level.rows)
      if made.overlap {
        findings.append(
          .init("tile_overlap", "Tiles of the slide lie over each other; the later was taken."))
      }
      tiles.append(made)
    }
    format = instances[chosen[0]].header.format
    levels = pyramid.levels
    micronsPerPixel = pyramid.micronsPerPixel
    objectivePower = pyramid.members[0].lazy.compactMap { $0.instance.objectivePower }.first
    colorProfile =
      chosen.lazy.compactMap { i in
        instances[i].opticalPaths.firstIndex(of: path).flatMap { instances[i].colorProfiles[$0] }
      }.first
    pictures = instances.map(\.picture)
    opticalPaths = paths
    self.findings = Self.unique(
      chosen.flatMap { instances[$0].header.findings } + pyramid.findings + findings)
    self.tiles = tiles
    self.focalPlane = tiles[0].focalPlane
    self.decoders = decoders
    self.memoryLimit = memoryLimit
    cache = TileCache(limit: min(32 << 20, memoryLimit / 4))
  }

  private static func choose(_ wanted: String?, of paths: [String]) throws(ImageError) -> String {
    if let wanted {
      guard paths.contains(wanted) else {
        throw ImageError(.unsupportedPixels, "The slide has no such optical path.")
      }
      return wanted
    }
    guard paths.count == 1 else {
      throw ImageError(
        .unsupportedPixels, "The slide has several optical paths, and none was chosen.",
        remedy: "Choose one of its optical paths, or leave it out.")
    }
    return paths[0]
  }

  /// Colour of 8 bits, and grey of 8 or 16, in one way throughout.
  private static func check(_ formats: [PixelFormat]) throws(ImageError) {
    for format in formats {
      guard !format.isSigned, [8, 16].contains(format.bitsAllocated),
        format.photometric.isGrey || format.samplesPerPixel == 3 && format.bitsAllocated == 8
      else {
        throw ImageError(
          .unsupportedPixels, "The slide has neither colours of 8 bits nor grey of up to 16.")
      }
      guard format.samplesPerPixel == formats[0].samplesPerPixel,
        format.bitsAllocated == formats[0].bitsAllocated,
        format.photometric.isGrey == false || format.photometric == formats[0].photometric
      else {
        throw ImageError(
          .unsupportedPixels, "The images of the slide have samples of several kinds.")
      }
    }
  }

  private static func unique(_ findings: [InstanceHeader.Finding]) -> [InstanceHeader.Finding] {
    var found: [InstanceHeader.Finding] = []
    for finding in findings where !found.contains(where: { $0.code == finding.code }) {
      found.append(finding)
    }
    return found
  }

  /// As `WholeSlide` says. Throws `.unsupportedPixels` of samples that have no colour without a window:
  /// those of more than 8 bits, and those whose small values are light.
  public func region(level: Int, x: Int, y: Int, columns: Int, rows: Int) throws(ImageError)
    -> SlideRegion
  {
    guard format.bitsAllocated == 8, format.photometric != .monochrome1 else {
      throw ImageError(
        .unsupportedPixels,
        "The slide's samples are no colours, and a slide has no window to show them in.",
        remedy: "Read its stored values.")
    }
    let painted = try paint(
      level, x, y, columns, rows, background: [UInt8](repeating: 255, count: format.samplesPerPixel)
    )
    return SlideRegion(
      columns: columns, rows: rows,
      bytes: isGrey ? painted.bytes.flatMap { [$0, $0, $0] } : painted.bytes,
      uncovered: painted.uncovered, findings: painted.findings)
  }

  /// Whether its samples are grey, whatever their number of bits.
  public var isGrey: Bool { format.samplesPerPixel == 1 }

  /// A part of a level in stored values, which are 0 where nothing was scanned or a tile is missing; the
  /// parameters are those of `region`, which says what is thrown.
  public func storedRegion(level: Int, x: Int, y: Int, columns: Int, rows: Int) throws(ImageError)
    -> (plane: StoredPlane, uncovered: Int, findings: [InstanceHeader.Finding])
  {
    let size = format.samplesPerPixel * sample.size
    let painted = try paint(
      level, x, y, columns, rows, background: [UInt8](repeating: 0, count: size))
    return (
      StoredPlane(
        columns: columns, rows: rows, samplesPerPixel: format.samplesPerPixel, sample: sample,
        bytes: painted.bytes), painted.uncovered, painted.findings
    )
  }

  private var sample: StoredPlane.Sample { format.bitsAllocated == 8 ? .uint8 : .uint16 }

  private func paint(
    _ level: Int, _ x: Int, _ y: Int, _ columns: Int, _ rows: Int, background: [UInt8]
  ) throws(ImageError) -> (bytes: [UInt8], uncovered: Int, findings: [InstanceHeader.Finding]) {
    let tiles = tiles[level]
    // Three bytes, and one that says whether the pixel is covered; of grey one that becomes three.
    let window = try SlideWindow(
      x: x, y: y, columns: columns, rows: rows, in: levels[level], bytesPerPixel: isGrey ? 5 : 4,
      memoryLimit: memoryLimit)
    var canvas = SlideCanvas(columns, rows, background)
    var covered = 0
    var mask = [Bool](repeating: false, count: tiles.overlap ? columns * rows : 0)
    var findings: [InstanceHeader.Finding] = []
    if !window.isEmpty {
      var isCut = false
      let isWhole = try tiles.forEach(x: window.inX, y: window.inY) { tile throws(ImageError) in
        let frame: DecodedFrame
        do throws(ImageError) {
          frame = try self.frame(tile)
        } catch  where error.code == .truncated {
          isCut = true
          return
        }
        findings += frame.findings
        let plane = frame.plane
        let inX = window.inX.clamped(to: tile.x..<tile.x + plane.columns)
        let inY = window.inY.clamped(to: tile.y..<tile.y + plane.rows)
        let toX = window.toX + inX.lowerBound - window.inX.lowerBound
        let toY = window.toY + inY.lowerBound - window.inY.lowerBound
        unsafe plane.bytes.withUnsafeBytes { bytes in
          unsafe canvas.paint(
            bytes, columns: plane.columns, fromX: inX.lowerBound - tile.x,
            fromY: inY.lowerBound - tile.y, toX: toX, toY: toY, width: inX.count,
            height: inY.count)
        }
        if mask.isEmpty {
          covered += inX.count * inY.count
        } else {
          for row in toY..<toY + inY.count {
            for i in row * columns + toX..<row * columns + toX + inX.count where !mask[i] {
              mask[i] = true
              covered += 1
            }
          }
        }
      }
      if isCut || !isWhole {
        findings.append(
          .init(
            "tiles_missing", "Tiles of the slide are missing; their place shows the background.")
        )
      }
    }
    return (canvas.bytes, columns * rows - covered, Self.unique(findings))
  }

  private func frame(_ tile: SlideTiles.Tile) throws(ImageError) -> DecodedFrame {
    let key = TileCache.Key(source: tile.source, frame: tile.frame)
    if let kept = cache.frame(key) { return kept }
    guard let decoder = decoders[tile.source] else {
      throw ImageError(.noPixels, "The tile's image was not opened.")
    }
    let frame = try decoder.decode(frame: tile.frame)
    let format = decoder.header.format
    guard frame.plane.columns == format.columns, frame.plane.rows == format.rows else {
      throw ImageError(
        .damagedPixels, "A tile of the slide is of another size than its header says.")
    }
    guard frame.plane.sample == sample, frame.plane.samplesPerPixel == format.samplesPerPixel else {
      throw ImageError(
        .damagedPixels, "A tile of the slide has other samples than its header says.")
    }
    cache.keep(frame, as: key)
    return frame
  }
}
