import ImageFormats
import MedicalImaging
import TestSupport

/// One instance of a DICOM slide whose every pixel can be worked out.
struct SlidePhantom {
  var columns = 70
  var rows = 45
  var tileColumns = 32
  var tileRows = 16
  var opticalPaths = ["1"]
  var focalPlanes = 1
  var imageType = "ORIGINAL\\PRIMARY\\VOLUME\\NONE"
  var isColor = true
  /// Pixel Spacing, millimetres.
  var spacing: Double? = 0.0005
  var power: String?
  var series = "1.2.3.7"
  var number = 1
  /// TILED_SPARSE frames: column, row, Z Offset and optical path; nil is TILED_FULL.
  var places: [(x: Int, y: Int, z: Double, path: String)]?
  /// Frames that come before those in the file, and how many are in it; nil is all.
  var framesBefore = 0
  var frameCount: Int?
  var labelInImage = "NO"
  /// Value for the picture's own colour, so that levels and instances differ.
  var seed = 0

  /// Red, green and blue of a place in a level; grey is the red.
  func pixel(_ x: Int, _ y: Int, _ path: Int, _ plane: Int) -> [UInt8] {
    let base = x * 3 + y * 7 + path * 61 + plane * 29 + seed * 101
    return [UInt8(base & 255), UInt8((x ^ y) & 255), UInt8((base >> 2 + x * y) & 255)]
  }

  /// Each frame's first pixel, optical path and focal plane, in the file's order.
  private var frames: [(x: Int, y: Int, path: Int, plane: Int)] {
    if let places {
      let depths = Set(places.map(\.z)).sorted()
      return places.map { place in
        (
          place.x, place.y, opticalPaths.firstIndex(of: place.path) ?? 0,
          depths.firstIndex(of: place.z) ?? 0
        )
      }
    }
    var all: [(Int, Int, Int, Int)] = []
    for path in opticalPaths.indices {
      for plane in 0..<focalPlanes {
        for y in stride(from: 0, to: rows, by: tileRows) {
          for x in stride(from: 0, to: columns, by: tileColumns) { all.append((x, y, path, plane)) }
        }
      }
    }
    return Array(all.dropFirst(framesBefore).prefix(frameCount ?? all.count))
  }

  /// The samples of each frame.
  var tiles: [[UInt8]] {
    frames.map { frame in
      (0..<tileRows * tileColumns).flatMap { i -> [UInt8] in
        let pixel = pixel(
          frame.x + i % tileColumns, frame.y + i / tileColumns, frame.path, frame.plane)
        return isColor ? pixel : [pixel[0]]
      }
    }
  }

  /// The instance as elements, pixels native.
  func elements() -> DICOMPhantom {
    var phantom = DICOMPhantom()
    phantom.set(0x0008_0008, "CS", imageType)
    phantom.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.77.1.6")
    phantom.set(0x0008_0018, "UI", "\(series).\(number)")
    phantom.set(0x0008_0060, "CS", "SM")
    phantom.set(0x0020_000D, "UI", "1.2.3")
    phantom.set(0x0020_000E, "UI", series)
    phantom.set(0x0020_9228, "UL", unsigned: framesBefore)
    phantom.set(0x0020_9311, "CS", places == nil ? "TILED_FULL" : "TILED_SPARSE")
    phantom.set(0x0028_0002, "US", [isColor ? 3 : 1])
    phantom.set(0x0028_0004, "CS", isColor ? "RGB" : "MONOCHROME2")
    if isColor { phantom.set(0x0028_0006, "US", [0]) }
    phantom.set(0x0028_0008, "IS", "\(frames.count)")
    phantom.set(0x0028_0010, "US", [tileRows])
    phantom.set(0x0028_0011, "US", [tileColumns])
    phantom.set(0x0028_0100, "US", [8])
    phantom.set(0x0028_0101, "US", [8])
    phantom.set(0x0028_0102, "US", [7])
    phantom.set(0x0028_0103, "US", [0])
    phantom.set(0x0048_0006, "UL", unsigned: columns)
    phantom.set(0x0048_0007, "UL", unsigned: rows)
    phantom.set(0x0048_0010, "CS", labelInImage)
    phantom.set(0x0048_0102, "DS", "0\\-1\\0\\-1\\0\\0")
    phantom[0x0048_0105] = (
      "SQ",
      .items(
        opticalPaths.map { name in
          var item = DICOMPhantom()
          item.set(0x0048_0106, "SH", name)
          if let power { item.set(0x0048_0112, "DS", power) }
          return item
        })
    )
    phantom.set(0x0048_0303, "UL", unsigned: focalPlanes)
    if let spacing {
      var measures = DICOMPhantom()
      measures.set(0x0028_0030, "DS", "\(spacing)\\\(spacing)")
      var shared = DICOMPhantom()
      shared[0x0028_9110] = ("SQ", .items([measures]))
      phantom[0x5200_9229] = ("SQ", .items([shared]))
    }
    if let places {
      phantom[0x5200_9230] = (
        "SQ", .items(places.map { Self.group($0.x, $0.y, $0.z, $0.path) })
      )
    }
    phantom[0x7FE0_0010] = ("OB", .bytes(tiles.flatMap { $0 }))
    return phantom
  }

  /// The functional groups of one frame (PS3.3 C.8.12.6.1, C.8.12.6.2).
  static func group(_ x: Int, _ y: Int, _ z: Double, _ path: String) -> DICOMPhantom {
    var position = DICOMPhantom()
    position.set(0x0040_074A, "DS", "\(z)")
    position.set(0x0048_021E, "SL", unsigned: x + 1)
    position.set(0x0048_021F, "SL", unsigned: y + 1)
    var identification = DICOMPhantom()
    identification.set(0x0048_0106, "SH", path)
    var group = DICOMPhantom()
    group[0x0048_021A] = ("SQ", .items([position]))
    group[0x0048_0207] = ("SQ", .items([identification]))
    return group
  }

  func file() -> [UInt8] { elements().file() }

  /// The instance with its tiles as baseline JPEG, colours at full resolution.
  func jpegFile() throws -> [UInt8] {
    let encoder = JPEGEncoder(quality: 95)
    let fragments = try tiles.map {
      try encoder.encode(
        $0.span, columns: tileColumns, rows: tileRows, layout: isColor ? .rgb8 : .grey8)
    }
    var phantom = elements()
    if isColor { phantom.set(0x0028_0004, "CS", "YBR_FULL") }
    return phantom.file("1.2.840.10008.1.2.4.50", fragments: fragments)
  }
}

extension DICOMPhantom {
  /// An element of 32 bits, little endian.
  mutating func set(_ tag: UInt32, _ vr: String, unsigned value: Int) {
    self[tag] = (vr, .bytes((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }))
  }
}

extension DICOMSlide {
  /// A slide of files in memory.
  init(
    files: [[UInt8]], opticalPath: String? = nil, focalPlane: Int? = nil,
    memoryLimit: Int = 1 << 26
  ) throws {
    let sources = try files.map { file in
      let bytes = try SourceBytes(file)
      return (try DICOMSlideInstance.read(bytes, memoryLimit: memoryLimit), bytes)
    }
    try self.init(
      sources, opticalPath: opticalPath, focalPlane: focalPlane.map { .number($0) } ?? .only,
      memoryLimit: memoryLimit)
  }
}
