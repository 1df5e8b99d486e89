import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// DICOM slides that are incomplete, contradict themselves, or claim too much.
@Suite struct DICOMSlideDamageTests {
  private func code(_ body: () throws -> Void) throws -> ErrorCode? {
    do {
      try body()
      return nil
    } catch let error as ImageError {
      return error.code
    }
  }

  private func code(_ phantoms: SlidePhantom..., path: String? = nil, plane: Int? = nil) throws
    -> ErrorCode?
  {
    try code {
      _ = try DICOMSlide(
        files: phantoms.map { $0.file() }, opticalPath: path, focalPlane: plane)
    }
  }

  @Test func `What is no slide is refused, and slides are no images`() throws {
    #expect(
      try code { _ = try DICOMSlideInstance.read(SourceBytes(DICOMPhantom.grey().file())) }
        == .unsupportedFormat)
    guard case .slide = try DICOMReader.read(SourceBytes(SlidePhantom().file())) else {
      Issue.record("a slide is an image")
      return
    }
    // Its offsets would count in what is not there any more.
    let inGzip = Gzip.stored(SlidePhantom().file())
    #expect(try code { _ = try DICOMReader.read(SourceBytes(inGzip)) } == .slideMicroscopy)
    var empty = SlidePhantom().elements()
    empty[0x7FE0_0010] = nil
    #expect(try code { _ = try DICOMSlideInstance.read(SourceBytes(empty.file())) } == .noPixels)
  }

  @Test func `Nothing but label and overview is no slide`() throws {
    var label = SlidePhantom()
    label.imageType = "ORIGINAL\\PRIMARY\\LABEL\\NONE"
    var typeless = SlidePhantom(number: 2)
    typeless.imageType = "ORIGINAL\\PRIMARY"
    #expect(try code(label, typeless) == .noPixels)
  }

  @Test func `A path or plane has to be chosen where there are several`() throws {
    var deep = SlidePhantom()
    deep.opticalPaths = ["a", "b"]
    #expect(try code(deep) == .unsupportedPixels)
    #expect(try code(deep, path: "c") == .unsupportedPixels)
    #expect(try code(deep, path: "b") == nil)
    deep.opticalPaths = ["a"]
    deep.focalPlanes = 2
    #expect(try code(deep) == .unsupportedPixels)
    #expect(try code(deep, plane: 2) == .unsupportedPixels)
    #expect(try code(deep, plane: -1) == .unsupportedPixels)
    #expect(try code(deep, plane: 1) == nil)
    // Without the sequence, frames tell by themselves.
    var sparse = SlidePhantom()
    sparse.places = [(0, 0, 0, "x"), (32, 0, 0, "x")]
    var bare = sparse.elements()
    bare[0x0048_0105] = nil
    #expect(try DICOMSlide(files: [bare.file()]).opticalPaths == ["x"])
    // Places with one plane and with two.
    var uneven = SlidePhantom()
    uneven.places = [(0, 0, 0, "1"), (0, 0, 1, "1"), (32, 0, 0, "1")]
    #expect(try code(uneven, plane: 0) == .unsupportedPixels)
  }

  @Test func `Images that contradict each other are refused`() throws {
    // The same tiles twice, full and sparse.
    #expect(try code(SlidePhantom(), SlidePhantom(number: 2)) == .damagedHeader)
    var sparse = SlidePhantom()
    sparse.places = [(0, 0, 0, "1"), (0, 0, 0, "1")]
    #expect(try code(sparse) == .damagedHeader)
    // Another shape, another series, another side up.
    #expect(
      try code(SlidePhantom(), SlidePhantom(columns: 35, rows: 35, number: 2)) == .damagedHeader)
    #expect(
      try code(SlidePhantom(), SlidePhantom(columns: 35, rows: 23, series: "1.2.9"))
        == .damagedHeader)
    var turned = SlidePhantom(columns: 35, rows: 23, spacing: 0.001, number: 2).elements()
    turned.set(0x0048_0102, "DS", "1\\0\\0\\0\\1\\0")
    #expect(
      try code { _ = try DICOMSlide(files: [SlidePhantom().file(), turned.file()]) }
        == .damagedHeader)
    // 45 rows in halves are 23: rounded, and one picture.
    #expect(
      try code(SlidePhantom(), SlidePhantom(columns: 35, rows: 23, spacing: 0.001, number: 2))
        == nil)
  }

  @Test func `Contradicting spacings are used by nobody`() throws {
    let half = SlidePhantom(columns: 35, rows: 23, spacing: 0.0005, number: 2)
    let slide = try DICOMSlide(files: [SlidePhantom().file(), half.file()])
    #expect(slide.micronsPerPixel == nil)
    #expect(slide.findings.map(\.code) == ["slide_spacing"])
    let without = try DICOMSlide(files: [SlidePhantom(spacing: nil).file()])
    for slide in [slide, without] {
      guard case .refused(let error) = slide.resolution() else {
        Issue.record("a size came from nowhere")
        continue
      }
      #expect(error.code == .slideResolution)
    }
    // 0.5 micrometres under a lens of 40.
    let wrong = try DICOMSlide(files: [SlidePhantom(power: "40").file()])
    guard case .refused = wrong.resolution() else {
      Issue.record("0.5 x 40 is 20, not 10")
      return
    }
  }

  @Test func `Tiles without a place, and slides without a size`() throws {
    var sparse = SlidePhantom(columns: 64, rows: 32)
    sparse.places = [(0, 0, 0, "1"), (-1, 0, 0, "1"), (32, 16, 0, "1")]
    let slide = try DICOMSlide(files: [sparse.file()])
    #expect(slide.findings.map(\.code) == ["tile_position"])
    #expect(
      try slide.region(level: 0, x: 0, y: 0, columns: 64, rows: 32).uncovered
        == 64 * 32 - 2 * 32 * 16)

    var unordered = SlidePhantom().elements()
    unordered[0x0020_9311] = nil
    #expect(try code { _ = try DICOMSlide(files: [unordered.file()]) } == .damagedHeader)
    // A matrix of one frame needs no order.
    var single = SlidePhantom(columns: 30, rows: 16).elements()
    single[0x0020_9311] = nil
    #expect(
      try DICOMSlide(files: [single.file()]).region(level: 0, x: 0, y: 0, columns: 30, rows: 16)
        .uncovered == 0)
    for tag: UInt32 in [0x0048_0006, 0x0048_0007] {
      var sizeless = SlidePhantom().elements()
      sizeless[tag] = nil
      #expect(try code { _ = try DICOMSlide(files: [sizeless.file()]) } == .damagedHeader)
    }
  }

  @Test func `Palettes, signs, 32 bits and deep colours are refused`() throws {
    let changes: [(Bool, (inout DICOMPhantom) -> Void)] = [
      (false, { $0.set(0x0028_0100, "US", [32]) }),
      (false, { $0.set(0x0028_0103, "US", [1]) }),
      (false, { $0.set(0x0028_0004, "CS", "PALETTE COLOR") }),
      (true, { $0.set(0x0028_0100, "US", [16]) }),
    ]
    for (isColor, change) in changes {
      var phantom = SlidePhantom(isColor: isColor).elements()
      change(&phantom)
      #expect(try code { _ = try DICOMSlide(files: [phantom.file()]) } != nil)
    }
    // A grey image and a colour one of one level.
    #expect(
      try code(SlidePhantom(columns: 35, rows: 23), SlidePhantom(isColor: false, number: 2))
        == .unsupportedPixels)
  }

  @Test func `Grey that is no colour is read as stored values alone`() throws {
    // 16 bits in 16: of 9 tiles of 32 x 16 samples, half of the bytes are there.
    var wide = SlidePhantom(isColor: false).elements()
    wide.set(0x0028_0100, "US", [16])
    wide.set(0x0028_0101, "US", [16])
    wide.set(0x0028_0102, "US", [15])
    var inverted = SlidePhantom(isColor: false).elements()
    inverted.set(0x0028_0004, "CS", "MONOCHROME1")
    for (phantom, size) in [(wide, 2), (inverted, 1)] {
      let slide = try DICOMSlide(files: [phantom.file()])
      #expect(slide.isGrey)
      #expect(
        try code { _ = try slide.region(level: 0, x: 0, y: 0, columns: 5, rows: 5) }
          == .unsupportedPixels)
      let first = try slide.storedRegion(level: 0, x: -1, y: 0, columns: 3, rows: 1)
      // The tile's first two samples, behind one pixel outside.
      let tile = SlidePhantom(isColor: false).tiles[0]
      #expect(first.plane.bytes == [UInt8](repeating: 0, count: size) + tile.prefix(2 * size))
      #expect(first.uncovered == 1)
    }
  }

  @Test func `Truncated pixel data give the tiles that are there, and background for the others`()
    throws
  {
    let file = SlidePhantom().file()
    // 9 tiles of 32 x 16 x 3; half of the sixth is there.
    let tile = 32 * 16 * 3
    let cut = Array(file.prefix(file.count - 3 * tile - tile / 2))
    let slide = try DICOMSlide(files: [cut])
    #expect(slide.findings.map(\.code).contains("pixels_truncated"))
    let whole = try DICOMSlide(files: [file])
    // The first five: a row of three, and two of the next.
    for (x, y, columns, rows) in [(0, 0, 70, 16), (0, 16, 64, 16)] {
      #expect(
        try slide.region(level: 0, x: x, y: y, columns: columns, rows: rows)
          == whole.region(level: 0, x: x, y: y, columns: columns, rows: rows))
    }
    for (x, y) in [(65, 20), (0, 40)] {
      let region = try slide.region(level: 0, x: x, y: y, columns: 2, rows: 2)
      #expect(region.bytes == [UInt8](repeating: 255, count: 12) && region.uncovered == 4)
      #expect(region.findings.map(\.code) == ["tiles_missing"])
    }
  }

  @Test func `A tile of another size than the header's is damage`() throws {
    var phantom = SlidePhantom()
    let fragments = try SlidePhantom(tileColumns: 16).tiles.map {
      try JPEGEncoder(quality: 95).encode($0.span, columns: 16, rows: 16, layout: .rgb8)
    }
    phantom.frameCount = fragments.count
    let file = phantom.elements().file("1.2.840.10008.1.2.4.50", fragments: fragments)
    let slide = try DICOMSlide(files: [file])
    #expect(
      try code { _ = try slide.region(level: 0, x: 0, y: 0, columns: 9, rows: 9) }
        == .damagedPixels)
  }

  @Test func `Absurd sizes take no memory`() throws {
    // 2^32 - 1 squared in tiles of 1 x 1, in a file of a kilobyte: nothing is listed, nothing taken.
    var phantom = SlidePhantom(columns: 32, rows: 16).elements()
    phantom.set(0x0048_0006, "UL", unsigned: 0xFFFF_FFFF)
    phantom.set(0x0048_0007, "UL", unsigned: 0xFFFF_FFFF)
    let slide = try DICOMSlide(files: [phantom.file()])
    #expect(slide.levels[0].columns == 0xFFFF_FFFF)
    #expect(try slide.region(level: 0, x: 0, y: 0, columns: 32, rows: 16).uncovered == 0)
    let nowhere = try slide.region(level: 0, x: 1 << 31, y: 9, columns: 9, rows: 9)
    #expect(nowhere.uncovered == 81 && nowhere.findings.map(\.code) == ["tiles_missing"])
    for tag: UInt32 in [0x0028_0010, 0x0028_0011] { phantom.set(tag, "US", [1]) }
    #expect(try code { _ = try DICOMSlide(files: [phantom.file()]) } == .damagedHeader)

    let small = try DICOMSlide(files: [SlidePhantom().file()], memoryLimit: 1 << 20)
    for (columns, rows) in [(Int.max, Int.max), (1 << 40, 1), (1 << 10, 1 << 10)] {
      #expect(
        try code { _ = try small.region(level: 0, x: 0, y: 0, columns: columns, rows: rows) }
          == .memory)
    }
    for place in [Int.min, Int.max] {
      #expect(
        try small.region(level: 0, x: place, y: place, columns: 4, rows: 4).uncovered == 16)
    }
  }

  @Test func `Damaged slides end in a region or an error`() throws {
    var sparse = SlidePhantom(columns: 200, rows: 150)
    sparse.places = [(5, 3, 0.5, "1"), (37, 3, 0.5, "1"), (150, 99, 0.25, "1")]
    let files = [SlidePhantom().file(), sparse.file(), try SlidePhantom().jpegFile()]
    var generator = SeededGenerator(seed: 6)
    var whole = 0
    var failed = 0
    for round in 0..<900 {
      var bytes = files[round % 3]
      if round % 2 == 0 {
        bytes = Array(bytes.prefix(.random(in: 1..<bytes.count, using: &generator)))
      } else {
        for _ in 0..<6 {
          bytes[.random(in: 0..<min(bytes.count, 1600), using: &generator)] =
            .random(in: 0...255, using: &generator)
        }
      }
      do {
        let slide = try DICOMSlide(files: [bytes], memoryLimit: 1 << 24)
        _ = try slide.region(level: 0, x: 10, y: 5, columns: 100, rows: 100)
        whole += 1
      } catch is ImageError {
        failed += 1
      }
    }
    print("damaged DICOM slides: \(whole) read, \(failed) refused")
    #expect(whole > 50 && failed > 300)
  }
}
