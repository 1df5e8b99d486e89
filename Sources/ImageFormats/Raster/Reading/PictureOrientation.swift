import MedicalImaging

/// How the first row and column of a stored picture lie (TIFF 6.0, Orientation; Exif 2.3, 4.6.4 A).
enum PictureOrientation: Int {
  case upright = 1
  case mirrored, turned180, flipped, transposed, turned90, transversed, turned270

  /// Of a tag's value; what it may not be is taken as upright.
  init(tag: Int) { self = Self(rawValue: tag) ?? .upright }

  /// Whether rows become columns.
  var swapsAxes: Bool { rawValue >= 5 }

  /// The picture upright, with a finding where it had to be turned. Throws `.memory`.
  func applied(to picture: consuming Picture, limit: Int) throws(ImageError) -> Picture {
    guard self != .upright else { return picture }
    let size = picture.channels * picture.sample.size
    _ = try Budget.bytes(picture.bytes.count, 2, limit: limit, of: "The picture")
    let (columns, rows) = (picture.columns, picture.rows)
    let (outColumns, outRows) = swapsAxes ? (rows, columns) : (columns, rows)
    // A pixel of the result at (x, y) is the source's at start + x * across + y * down.
    let (start, across, down): (Int, Int, Int) =
      switch self {
      case .upright: (0, 1, columns)
      case .mirrored: (columns - 1, -1, columns)
      case .turned180: (rows * columns - 1, -1, -columns)
      case .flipped: ((rows - 1) * columns, 1, -columns)
      case .transposed: (0, columns, 1)
      case .turned90: ((rows - 1) * columns, -columns, 1)
      case .transversed: (rows * columns - 1, -columns, -1)
      case .turned270: (columns - 1, columns, -1)
      }
    let walk = Walk(
      start: start, across: across, down: down, columns: outColumns, rows: outRows)
    picture.bytes =
      switch size {
      case 1: walk.gather(picture.bytes, InlineArray<1, UInt8>.self)
      case 2: walk.gather(picture.bytes, InlineArray<2, UInt8>.self)
      case 3: walk.gather(picture.bytes, InlineArray<3, UInt8>.self)
      case 4: walk.gather(picture.bytes, InlineArray<4, UInt8>.self)
      case 6: walk.gather(picture.bytes, InlineArray<6, UInt8>.self)
      case 8: walk.gather(picture.bytes, InlineArray<8, UInt8>.self)
      case 12: walk.gather(picture.bytes, InlineArray<12, UInt8>.self)
      default: walk.gather(picture.bytes, InlineArray<24, UInt8>.self)
      }
    picture.columns = outColumns
    picture.rows = outRows
    picture.findings.append(
      .init("picture_orientation", "The picture was turned upright, as its orientation says."))
    return picture
  }
}

/// Which pixels of a source a turned picture takes, in its order.
private struct Walk {
  let start, across, down: Int
  let columns, rows: Int

  /// `Pixel` is a pixel's bytes: its size is known to the compiler, so that a move is one load and
  /// one store.
  func gather<Pixel: BitwiseCopyable>(_ source: [UInt8], _ type: Pixel.Type) -> [UInt8] {
    let size = MemoryLayout<Pixel>.size
    return unsafe [UInt8](unsafeUninitializedCapacity: source.count) { out, used in
      unsafe source.withUnsafeBytes { source in
        let target = UnsafeMutableRawPointer(out.baseAddress!)
        var to = 0
        for y in 0..<rows {
          var from = (start + y * down) * size
          for _ in 0..<columns {
            let pixel = unsafe source.loadUnaligned(fromByteOffset: from, as: type)
            unsafe target.storeBytes(of: pixel, toByteOffset: to, as: type)
            to += size
            from += across * size
          }
        }
      }
      used = source.count
    }
  }
}

/// The orientation of an Exif block (Exif 2.3): a small TIFF file of its own.
enum EXIF {
  /// Upright where the block does not say, or cannot be read.
  static func orientation(_ exif: borrowing Span<UInt8>) -> PictureOrientation {
    guard exif.count >= 8 else { return .upright }
    let isLittle = exif[0] == 0x49 && exif[1] == 0x49
    guard isLittle || exif[0] == 0x4D && exif[1] == 0x4D else { return .upright }
    func number(_ at: Int, _ size: Int) -> Int? {
      guard at >= 0, at <= exif.count - size else { return nil }
      var value = 0
      for i in 0..<size { value = value << 8 | Int(exif[at + (isLittle ? size - 1 - i : i)]) }
      return value
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return .upright }
    for entry in 0..<entries {
      let at = directory + 2 + 12 * entry
      guard let tag = number(at, 2), let type = number(at + 2, 2) else { return .upright }
      guard tag == 0x0112 else { continue }
      // A SHORT; some write a LONG.
      guard type == 3 || type == 4, let value = number(at + 8, type == 3 ? 2 : 4) else {
        return .upright
      }
      return PictureOrientation(tag: value)
    }
    return .upright
  }
}
