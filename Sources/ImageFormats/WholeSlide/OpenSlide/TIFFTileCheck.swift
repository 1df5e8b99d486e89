import MedicalImaging

/// What has to be known of a TIFF before OpenSlide reads it.
///
/// OpenSlide takes the memory that a tile claims without asking, and ends the process where there is
/// none. Through libtiff 4.5 it reads some pictures wrong without saying so: those smaller than one
/// of their tiles get what lay in memory before, those of another orientation are turned tile by tile
/// (OpenSlide 3.4.1, `tiff_read_region`; libtiff, `TIFFRGBAImageGet`).
struct TIFFTileCheck {
  /// Sizes of tiled pictures that OpenSlide would not read as they are.
  private(set) var unreadable: [(columns: Int, rows: Int)] = []
  /// The ICC profile of the first directory, which is level 0.
  private(set) var colorProfile: [UInt8]?
  private(set) var findings: [InstanceHeader.Finding] = []

  /// Longer chains of directories are damage.
  private static let mostDirectories = 10_000

  /// Nil where the bytes are no TIFF. Throws `.truncated` where a directory does not lie inside,
  /// `.damagedHeader` where they have no end or a tile claims more bytes than the file has, `.memory`
  /// where a tile would be larger than the limit when decoded.
  init?(_ bytes: SourceBytes, memoryLimit: Int) throws(ImageError) {
    guard let file = TIFFDirectory.File(bytes) else { return nil }
    var at = file.first
    var seen: Set<Int> = []
    var isShort = false
    while at != 0 {
      guard seen.count < Self.mostDirectories, seen.insert(at).inserted else {
        throw ImageError(.damagedHeader, "The slide's directories have no end.")
      }
      guard let directory = TIFFDirectory(file, at: at), let next = directory.next else {
        throw Self.truncated
      }
      // OpenSlide reads these by itself, offsets of more than 32 bits and all.
      if directory.has(.hamamatsu) { return }
      if seen.count == 1 { colorProfile = directory.bytes(.iccProfile) }
      if directory.has(.tileColumns) {
        isShort = try Self.check(directory, bytes.count, memoryLimit) || isShort
        if !Self.isReadRight(directory) {
          unreadable.append((directory.value(.columns) ?? 0, directory.value(.rows) ?? 0))
        }
      }
      at = next
    }
    if isShort {
      findings.append(.init("pixels_truncated", "The source ends within its pixel data."))
    }
  }

  private static let truncated = ImageError(
    .truncated, "The slide ends within its directories.")

  /// Whether tiles lie behind the end of the file.
  private static func check(_ directory: TIFFDirectory, _ size: Int, _ memoryLimit: Int)
    throws(ImageError) -> Bool
  {
    if let columns = directory.value(.tileColumns), let rows = directory.value(.tileRows) {
      _ = try Budget.bytes(columns, rows, 4, limit: memoryLimit)
    }
    guard directory.has(.tileByteCounts) else { return false }
    guard let tiles = directory.count(.tileByteCounts) else { throw truncated }
    guard let needed = needed(directory), needed <= tiles else {
      throw ImageError(.damagedHeader, "A level of the slide has fewer tiles than fill it.")
    }
    var isShort = false
    for i in 0..<tiles {
      guard let count = directory.value(.tileByteCounts, i), count <= size else {
        throw ImageError(.damagedHeader, "A tile of the slide claims more bytes than there are.")
      }
      if let offset = directory.value(.tileOffsets, i), count > 0, offset > size - count {
        isShort = true
      }
    }
    return isShort
  }

  /// How many tiles fill the picture, of one sample where each has tiles of its own; nil where no
  /// number does.
  private static func needed(_ directory: TIFFDirectory) -> Int? {
    guard let columns = directory.value(.columns), let rows = directory.value(.rows),
      let tileColumns = directory.value(.tileColumns), let tileRows = directory.value(.tileRows),
      columns > 0, rows > 0, tileColumns > 0, tileRows > 0
    else { return nil }
    let (tiles, overflow) = ((columns - 1) / tileColumns + 1)
      .multipliedReportingOverflow(by: (rows - 1) / tileRows + 1)
    return overflow ? nil : tiles
  }

  private enum Compression {
    static let jpeg = 7
    /// Aperio's two ways of JPEG 2000.
    static let jpeg2000 = [33003, 33005]
  }

  /// Photometric interpretations that libtiff shows as they are: the grey ones, RGB, palette, YCbCr.
  private static let photometrics = [0, 1, 2, 3, 6]

  private static func isReadRight(_ directory: TIFFDirectory) -> Bool {
    let photometric = directory.value(.photometric) ?? -1
    let bits = directory.value(.bits) ?? 1
    let compression = directory.value(.compression) ?? 1
    // OpenSlide decodes these without libtiff's conversion.
    if Compression.jpeg2000.contains(compression) { return true }
    if compression == Compression.jpeg, (directory.value(.planar) ?? 1) == 1, bits == 8,
      directory.value(.samples) == 3, photometric == 2 || photometric == 6
    {
      return true
    }
    guard bits <= 8, photometrics.contains(photometric),
      [0, 1].contains(directory.value(.orientation) ?? 1),
      let columns = directory.value(.columns), let rows = directory.value(.rows),
      let tileColumns = directory.value(.tileColumns), let tileRows = directory.value(.tileRows)
    else { return false }
    return tileColumns <= columns && tileRows <= rows
  }
}
