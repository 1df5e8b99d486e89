import MedicalImaging
import Synchronization

/// A slide in one of the formats that OpenSlide reads: Aperio, Hamamatsu, Leica, MIRAX, Philips,
/// Sakura, Trestle, Ventana, and tiled TIFF.
public final class OpenSlideImage: WholeSlide {
  /// Where a slide lies. OpenSlide opens files by their path alone, and some formats are of several.
  public enum Place: Sendable, Hashable {
    case file(path: String)
    /// A member of an archive, which is refused.
    case archiveMember
  }

  public let levels: [SlideLevel]
  public let micronsPerPixel: MicronsPerPixel?
  public let objectivePower: Double?
  public let background: SlideColor
  /// Of formats that are TIFF files; OpenSlide 3.4 tells none of others.
  public let colorProfile: [UInt8]?
  public let pictures: [SlidePicture]
  public let findings: [InstanceHeader.Finding]
  /// The format, by OpenSlide's word for it: "aperio", "generic-tiff".
  public let vendor: String

  /// The number that OpenSlide gives each of `levels`.
  private let places: [Int]
  private let path: String
  private let memoryLimit: Int
  /// Replaced once a read failed: OpenSlide reads nothing more through a handle that did.
  private let handle: Mutex<OpenSlideHandle>

  /// The format of a file by OpenSlide's word for it, nil where it knows none; little is read.
  ///
  /// Throws `.unsupportedFormat` where OpenSlide is not installed.
  public static func vendor(path: String) throws(ImageError) -> String? {
    try OpenSlideHandle.vendor(path: path)
  }

  /// Opens a slide. `memoryLimit` bounds, in bytes, what one tile and one region may take; OpenSlide
  /// keeps up to 32 MiB of tiles besides.
  ///
  /// Throws what opening any file throws, `.unsupportedFormat` where it is no slide of OpenSlide's
  /// or a member of an archive, `.damagedHeader` where it cannot be opened, `.memory` where its tiles
  /// are too large.
  public init(_ place: Place, memoryLimit: Int = 1 << 30) throws(ImageError) {
    guard case .file(let path) = place else {
      throw ImageError(
        .unsupportedFormat, "A slide of this format cannot be read from within an archive.",
        remedy: "Unpack the archive, and name the folder.")
    }
    let bytes = try SourceBytes(path: path)
    guard !DICOMReader.recognises(head: bytes.head(ImageFormats.headCount)) else {
      throw ImageError(
        .unsupportedFormat, "The file is a DICOM instance, and not of OpenSlide's formats.",
        remedy: "Read it as DICOM.")
    }
    let tiff = try TIFFTileCheck(bytes, memoryLimit: memoryLimit)
    let handle = try OpenSlideHandle(path: path)
    var findings = tiff?.findings ?? []
    let found = try Self.levels(of: handle, memoryLimit: memoryLimit)
    let vendor = handle.property("openslide.vendor") ?? ""
    let unreadable = tiff?.unreadable ?? []
    // Where a level is put together of tiles by their places, its size does not tell its directory.
    let isAssembled = ["leica", "trestle", "ventana"].contains(vendor)
    places = found.indices.filter { i in
      let level = found[i]
      return isAssembled
        ? unreadable.isEmpty : !unreadable.contains { $0 == (level.columns, level.rows) }
    }
    if places.count < found.count {
      findings.append(
        .init(
          "slide_level",
          "Levels of the slide are written in a way that OpenSlide reads wrong, and were left out."
        ))
    }
    // All other levels are told by the first.
    guard places.first == 0 else {
      throw ImageError(
        .unsupportedPixels, "The slide is written in a way that OpenSlide reads wrong.",
        remedy: "Have it written anew as tiled TIFF with JPEG tiles, or leave it out.")
    }
    levels = places.map { found[$0] }
    let (x, y) = (handle.number("openslide.mpp-x"), handle.number("openslide.mpp-y"))
    if let x, let y { micronsPerPixel = MicronsPerPixel(x: x, y: y) } else { micronsPerPixel = nil }
    objectivePower = handle.number("openslide.objective-power").flatMap { $0 > 0 ? $0 : nil }
    background =
      handle.property("openslide.background-color").flatMap(SlideColor.init(hexadecimal:))
      ?? .white
    pictures = handle.associatedNames.map { name in
      switch name {
      case "label": .label
      case "macro": .overview
      case "thumbnail": .thumbnail
      default: .other
      }
    }
    colorProfile = tiff?.colorProfile
    self.vendor = vendor
    self.findings = findings
    self.path = path
    self.memoryLimit = memoryLimit
    self.handle = Mutex(handle)
  }

  /// No side of a picture is longer than this, so that sums of places cannot overflow.
  private static let longestSide = 1 << 40

  private static func levels(of handle: OpenSlideHandle, memoryLimit: Int) throws(ImageError)
    -> [SlideLevel]
  {
    var levels: [SlideLevel] = []
    for i in 0..<max(handle.levelCount, 0) {
      let (columns, rows) = handle.size(level: i)
      let downsample = handle.downsample(level: i)
      guard (1...longestSide).contains(columns), (1...longestSide).contains(rows),
        downsample.isFinite, downsample > 0
      else {
        throw ImageError(.damagedHeader, "A level of the slide has no size.")
      }
      let tile = ["width", "height"].map { side in
        handle.property("openslide.level[\(i)].tile-\(side)").flatMap(Int.init) ?? 1
      }
      _ = try Budget.bytes(tile[0], tile[1], 4, limit: memoryLimit)
      levels.append(SlideLevel(columns: columns, rows: rows, downsample: downsample))
    }
    guard !levels.isEmpty else { throw ImageError(.noPixels, "The slide holds no level.") }
    return levels
  }

  /// As `WholeSlide` says. OpenSlide takes places in whole pixels of level 0: where `downsample` is
  /// no whole number, a region of that level is shifted by up to half a pixel of level 0, and its
  /// pixels are blended accordingly.
  public func region(level: Int, x: Int, y: Int, columns: Int, rows: Int) throws(ImageError)
    -> SlideRegion
  {
    let place = levels[level]
    let window = try SlideWindow(
      x: x, y: y, columns: columns, rows: rows, in: place, bytesPerPixel: 8,
      memoryLimit: memoryLimit)
    let all = columns * rows
    guard !window.isEmpty else {
      return SlideRegion(
        columns: columns, rows: rows, bytes: SlideCanvas(columns, rows, background).bytes,
        uncovered: all)
    }
    let (bytes, transparent) = try read(window, places[level], place.downsample)
    let inside = window.inX.count * window.inY.count
    if window.isWhole {
      return SlideRegion(columns: columns, rows: rows, bytes: bytes, uncovered: transparent)
    }
    var canvas = SlideCanvas(columns, rows, background)
    unsafe bytes.withUnsafeBytes { part in
      unsafe canvas.paint(
        part, columns: window.inX.count, fromX: 0, fromY: 0, toX: window.toX,
        toY: window.toY, width: window.inX.count, height: window.inY.count)
    }
    return SlideRegion(
      columns: columns, rows: rows, bytes: canvas.bytes, uncovered: all - inside + transparent)
  }

  /// The bytes of the part of a region that lies inside its level, and how many of its pixels are
  /// transparent.
  private func read(_ window: SlideWindow, _ level: Int, _ downsample: Double) throws(ImageError)
    -> ([UInt8], Int)
  {
    let (columns, rows) = (window.inX.count, window.inY.count)
    let count = columns * rows
    let x = Int((Double(window.inX.lowerBound) * downsample).rounded())
    let y = Int((Double(window.inY.lowerBound) * downsample).rounded())
    let handle = handle.withLock { $0 }
    var transparent = 0
    var isRead = false
    // OpenSlide fills all of the memory with words; their bytes then move together within it.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4 * count) { buffer, used in
      guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      let words = unsafe start.bindMemory(to: UInt32.self, capacity: count)
      isRead = unsafe handle.read(
        into: words, x: x, y: y, level: level, columns: columns, rows: rows)
      guard isRead else { return }
      transparent = unsafe PremultipliedARGB.flatten(start, count: count, over: background)
      used = 3 * count
    }
    guard isRead else {
      reopen(handle)
      throw ImageError(
        .damagedPixels, "Tiles of the slide are damaged or missing.",
        remedy: "Copy the file again from where it came from.")
    }
    return (bytes, transparent)
  }

  /// Opens the slide again in place of a handle that failed, so that one damaged tile costs the
  /// regions that show it and no others.
  private func reopen(_ failed: OpenSlideHandle) {
    // Where the file is gone meanwhile, the next region says so by failing like this one.
    guard let fresh = try? OpenSlideHandle(path: path) else { return }
    handle.withLock { if $0 === failed { $0 = fresh } }
  }
}

extension SlideColor {
  /// Six hexadecimal digits, as `openslide.background-color` has them.
  init?(hexadecimal: String) {
    guard hexadecimal.utf8.count == 6, let number = UInt32(hexadecimal, radix: 16) else {
      return nil
    }
    self.init(
      red: UInt8(truncatingIfNeeded: number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
      blue: UInt8(truncatingIfNeeded: number))
  }
}
