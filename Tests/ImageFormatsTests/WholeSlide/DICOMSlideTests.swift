import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// DICOM slides beside pydicom's frames, put together by numpy.
@Suite struct DICOMSlideTests {
  /// A level as the peer put it together.
  private struct Level {
    var columns, rows: Int
    var bytes: [UInt8]
    var uncovered: Int

    /// A part of it, white outside.
    func part(_ x: Int, _ y: Int, _ columns: Int, _ rows: Int) -> [UInt8] {
      (0..<columns * rows).flatMap { i -> [UInt8] in
        let (x, y) = (x + i % columns, y + i / columns)
        guard (0..<self.columns).contains(x), (0..<self.rows).contains(y) else {
          return [255, 255, 255]
        }
        let at = 3 * (y * self.columns + x)
        return Array(bytes[at..<at + 3])
      }
    }
  }

  /// What `dicom_slide.py` makes of the folder's files, the largest level first.
  private func ask(_ folder: TemporaryFolder, _ arguments: [String] = []) throws -> [Level] {
    try Peer.run(script: "dicom_slide.py", arguments, in: folder).split(separator: "\n").map {
      let words = $0.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Int($0) }
      return try Level(
        columns: numbers[0], rows: numbers[1], bytes: folder.bytes(of: words[0] + ".rgb"),
        uncovered: numbers[2])
    }.sorted { $0.columns > $1.columns }
  }

  /// Compares every level as a whole and in 12 regions; how many parts were compared.
  private func compare(_ slide: DICOMSlide, _ levels: [Level], tolerance: Int = 0) throws -> Int {
    try #require(
      slide.levels.map { [$0.columns, $0.rows] } == levels.map { [$0.columns, $0.rows] })
    var generator = SeededGenerator(seed: 9)
    var count = 0
    for (number, level) in levels.enumerated() {
      let whole = try slide.region(
        level: number, x: 0, y: 0, columns: level.columns, rows: level.rows)
      #expect(whole.uncovered == level.uncovered)
      var parts = [
        (0, 0, level.columns, level.rows), (-9, -7, level.columns + 20, level.rows + 20),
      ]
      for _ in 0..<11 {
        parts.append(
          (
            .random(in: -20..<level.columns + 5, using: &generator),
            .random(in: -20..<level.rows + 5, using: &generator),
            .random(in: 1...60, using: &generator), .random(in: 1...60, using: &generator)
          ))
      }
      for (x, y, columns, rows) in parts {
        let ours = try slide.region(level: number, x: x, y: y, columns: columns, rows: rows)
        let theirs = level.part(x, y, columns, rows)
        let difference = zip(ours.bytes, theirs).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(difference <= tolerance, "level \(number) \((x, y, columns, rows))")
        #expect(ours.bytes.count == theirs.count)
        count += 1
      }
    }
    return count
  }

  /// Writes files, asks the peer and compares.
  private func compare(
    _ files: [[UInt8]], opticalPath: String? = nil, focalPlane: Int? = nil, tolerance: Int = 0
  ) throws -> DICOMSlide {
    let folder = try TemporaryFolder()
    for (i, file) in files.enumerated() { try folder.write(file, to: "\(i).dcm") }
    let slide = try DICOMSlide(files: files, opticalPath: opticalPath, focalPlane: focalPlane)
    let arguments = opticalPath.map { [$0, "\(focalPlane ?? 0)"] } ?? []
    let count = try compare(slide, ask(folder, arguments), tolerance: tolerance)
    #expect(count >= 13)
    return slide
  }

  @Test(.needsCorpus, .needsPeers)
  func `Every slide of the corpus is pydicom's frames, and 16-bit ones are no colours`() throws {
    var compared = 0
    var parts = 0
    var deep = 0
    for row in DICOMCorpus.dicom where row.modality == "SM" {
      let bytes = try DICOMCorpus.open(row)
      let instance = try DICOMSlideInstance.read(bytes)
      #expect(instance.picture == .tissue && instance.arrangement == .full, "\(row)")
      // The inventory's digest is of all frames: each file is one level of one instance.
      let decoder = try FrameDecoder(header: instance.header, bytes: bytes)
      var hash = SHA256()
      for i in 0..<instance.header.frames {
        let plane = try decoder.decode(frame: i).plane
        unsafe plane.bytes.withUnsafeBytes { unsafe hash.update($0) }
      }
      #expect(hash.finish().hex == row.pixelSHA256, "\(row)")
      let slide = try DICOMSlide([(instance, bytes)])
      // 0.000499 mm in the header.
      let microns = try #require(slide.micronsPerPixel)
      #expect(abs(microns.x - 0.499) < 1e-12 && abs(microns.y - 0.499) < 1e-12)
      let folder = try TemporaryFolder()
      try folder.write(bytes.copy(0..<bytes.count), to: "x.dcm")
      let levels = try ask(folder)
      let size = slide.levels[0]
      let stored = try slide.storedRegion(
        level: 0, x: 0, y: 0, columns: size.columns, rows: size.rows)
      #expect(stored.plane.bytes == (try folder.bytes(of: "x.raw")), "\(row)")
      guard stored.plane.sample == .uint8 else {
        let error = #expect(throws: ImageError.self) {
          try slide.region(level: 0, x: 0, y: 0, columns: 9, rows: 9)
        }
        #expect(error?.code == .unsupportedPixels && row.path.contains("grayscale"), "\(row)")
        deep += 1
        continue
      }
      parts += try compare(slide, levels)
      compared += 1
    }
    print("DICOM slides: \(compared) files, \(parts) parts equal to pydicom's; \(deep) of 16 bits")
    #expect(compared == 6)
    #expect(deep == 2)
  }

  @Test(.needsPeers)
  func `Levels of several instances are assembled, and label, overview and thumbnail never read`()
    throws
  {
    let base = SlidePhantom(columns: 300, rows: 200, power: "20", seed: 1)
    var middle = SlidePhantom(columns: 75, rows: 50, spacing: 0.002, number: 2, seed: 2)
    middle.imageType = "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED"
    var small = SlidePhantom(
      columns: 18, rows: 12, tileColumns: 32, tileRows: 32, spacing: 300.0 / 18 * 0.0005, number: 3)
    small.imageType = middle.imageType
    var others: [SlidePhantom] = []
    for (i, kind) in ["LABEL", "OVERVIEW", "THUMBNAIL", "SOMETHING"].enumerated() {
      var other = SlidePhantom(columns: 32, rows: 16, spacing: nil, number: 4 + i)
      other.imageType = "ORIGINAL\\PRIMARY\\\(kind)\\NONE"
      others.append(other)
    }
    var labelled = SlidePhantom(columns: 600, rows: 400, number: 9)
    labelled.labelInImage = "YES"
    // Neither order nor what else is in the series matters.
    let phantoms = [small] + others + [base, labelled, middle]
    let slide = try compare(phantoms.map { $0.file() })
    #expect(
      slide.pictures == [
        .tissue, .label, .overview, .thumbnail, .other, .tissue, .label, .tissue,
      ])
    #expect(slide.levels.map(\.columns) == [300, 75, 18])
    // (300 / 18 + 200 / 12) / 2
    #expect(slide.levels.map(\.downsample) == [1, 4, 50.0 / 3])
    #expect(slide.objectivePower == 20)
    #expect(slide.resolution() == .known(MicronsPerPixel(x: 0.5, y: 0.5)))
    #expect(slide.findings.isEmpty)
  }

  @Test(.needsPeers) func `Optical paths and focal planes are chosen, in one instance or several`()
    throws
  {
    var deep = SlidePhantom(isColor: false)
    deep.opticalPaths = ["DAPI", "FITC"]
    deep.focalPlanes = 3
    for path in deep.opticalPaths {
      for plane in 0..<3 {
        let slide = try compare([deep.file()], opticalPath: path, focalPlane: plane)
        #expect(slide.opticalPaths == ["DAPI", "FITC"])
      }
    }
    // The same, cut in a concatenation: 9 tiles a plane, 54 in all.
    var parts: [[UInt8]] = []
    for (first, count) in [(0, 20), (20, 20), (40, 14)] {
      var part = deep
      part.framesBefore = first
      part.frameCount = count
      part.number = parts.count + 1
      parts.append(part.file())
    }
    let whole = try DICOMSlide(files: [deep.file()], opticalPath: "FITC", focalPlane: 1)
    let cut = try DICOMSlide(files: parts, opticalPath: "FITC", focalPlane: 1)
    #expect(
      try cut.region(level: 0, x: 0, y: 0, columns: 70, rows: 45)
        == whole.region(level: 0, x: 0, y: 0, columns: 70, rows: 45))
    // One instance a path.
    var other = SlidePhantom(isColor: false, number: 2, seed: 5)
    other.opticalPaths = ["TRITC"]
    var first = SlidePhantom(isColor: false)
    first.opticalPaths = ["DAPI"]
    let slide = try DICOMSlide(files: [first.file(), other.file()], opticalPath: "TRITC")
    #expect(
      try slide.region(level: 0, x: 33, y: 17, columns: 1, rows: 1).bytes
        == [UInt8](repeating: other.pixel(33, 17, 0, 0)[0], count: 3))
  }

  @Test(.needsPeers) func `Sparse tiles lie where they say, and the rest is background`() throws {
    var sparse = SlidePhantom(columns: 200, rows: 150)
    // Off the grid, over the edge, and nothing at the rest.
    sparse.places = [(5, 3, 0.5, "1"), (37, 3, 0.5, "1"), (150, 99, 0.25, "1"), (190, 140, 0, "1")]
    let slide = try compare([sparse.file()])
    let whole = try slide.region(level: 0, x: 0, y: 0, columns: 200, rows: 150)
    // Three whole tiles of 32 x 16, and 10 x 10 of the one at the edge.
    #expect(whole.uncovered == 200 * 150 - 3 * 32 * 16 - 10 * 10)
    #expect(slide.findings.isEmpty)

    // Two optical paths in two planes each, of places in any order.
    var stacked = SlidePhantom(columns: 100, rows: 40)
    stacked.opticalPaths = ["a", "b"]
    stacked.places = [(64, 16), (0, 0), (32, 16)].flatMap { place in
      ["b", "a"].flatMap { path in
        [7.5, -2].map { z in (x: place.0, y: place.1, z: z, path: path) }
      }
    }
    for path in ["a", "b"] {
      for plane in 0..<2 {
        _ = try compare([stacked.file()], opticalPath: path, focalPlane: plane)
      }
    }
  }

  @Test(.needsPeers) func `JPEG tiles are Pillow's within 1`() throws {
    _ = try compare([SlidePhantom().jpegFile()], tolerance: 1)
    _ = try compare([SlidePhantom(isColor: false).jpegFile()], tolerance: 1)
  }

  @Test func `Tiles that lie over each other are painted in their order, and noted`() throws {
    var sparse = SlidePhantom(columns: 64, rows: 32)
    sparse.places = [(0, 0, 0, "1"), (16, 8, 1, "1")]
    let slide = try DICOMSlide(files: [sparse.file()])
    #expect(slide.findings.map(\.code) == ["tile_overlap"])
    let whole = try slide.region(level: 0, x: 0, y: 0, columns: 64, rows: 32)
    // Two tiles of 32 x 16 share 16 x 8.
    #expect(whole.uncovered == 64 * 32 - 2 * 32 * 16 + 16 * 8)
    let at = 3 * (10 * 64 + 20)
    // The second tile is of the second depth.
    #expect(Array(whole.bytes[at..<at + 3]) == sparse.pixel(20, 10, 0, 1))
  }

  @Test func `A region asked again, or in pieces, has the same pixels`() throws {
    let slide = try DICOMSlide(files: [SlidePhantom(columns: 300, rows: 200).jpegFile()])
    let whole = try slide.region(level: 0, x: 40, y: 30, columns: 100, rows: 60)
    #expect(try slide.region(level: 0, x: 40, y: 30, columns: 100, rows: 60) == whole)
    var pieces: [UInt8] = []
    for y in 30..<90 {
      pieces += try slide.region(level: 0, x: 40, y: y, columns: 100, rows: 1).bytes
    }
    #expect(pieces == whole.bytes)
  }
}
