import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Slides that are damaged, not slides, or such that OpenSlide reads them wrong.
@Suite struct OpenSlideDamageTests {
  private func code(_ body: () throws -> Void) throws -> ErrorCode? {
    do {
      try body()
      return nil
    } catch let error as ImageError {
      return error.code
    }
  }

  /// OpenSlide opens the file again now and then: it lives as long as the suite's instance, which is
  /// that of one test.
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ bytes: [UInt8], memoryLimit: Int = 1 << 26) throws -> OpenSlideImage {
    try folder.write(bytes, to: "x.svs")
    return try OpenSlideImage(.file(path: folder.url("x.svs").path), memoryLimit: memoryLimit)
  }

  @Test func `A member of an archive is refused, and what is no slide`() throws {
    #expect(
      throws: ImageError(
        .unsupportedFormat, "A slide of this format cannot be read from within an archive.",
        remedy: "Unpack the archive, and name the folder.")
    ) { try OpenSlideImage(.archiveMember) }
    #expect(try code { _ = try open([]) } == .empty)
    #expect(try code { _ = try open(Array("no slide".utf8)) } == .unsupportedFormat)
    #expect(try code { _ = try open(DICOMPhantom.grey().file()) } == .unsupportedFormat)
    #expect(
      try code { _ = try OpenSlideImage(.file(path: "/nonexistent/x.svs")) } == .missing)
    // A TIFF of no directory at all.
    #expect(try code { _ = try open([0x49, 0x49, 42, 0, 0, 0, 0, 0]) } == .unsupportedFormat)
  }

  /// A classic TIFF of one directory: fields of one LONG each, then what they point to.
  private func tiff(_ fields: [(tag: Int, value: Int)], next: Int = 0) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var bytes: [UInt8] = [0x49, 0x49, 42, 0] + number(8, 4) + number(fields.count, 2)
    for (tag, value) in fields {
      bytes += number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4)
    }
    return bytes + number(next, 4)
  }

  private static let level: [(tag: Int, value: Int)] = [
    (256, 256), (257, 256), (258, 8), (259, 1), (262, 1), (277, 1), (284, 1), (322, 256),
    (323, 256),
    (324, 8), (325, 64),
  ]

  private func tiff(changing tag: Int, to value: Int, next: Int = 0) -> [UInt8] {
    tiff(Self.level.map { $0.tag == tag ? (tag, value) : $0 }, next: next)
  }

  @Test func `Directories that claim too much are refused before OpenSlide sees them`() throws {
    // 65,536 x 65,536 words of four bytes are 16 GiB.
    var bomb = Self.level
    for (i, field) in bomb.enumerated() where [256, 257, 322, 323].contains(field.tag) {
      bomb[i].value = 65_536
    }
    #expect(try code { _ = try open(tiff(bomb)) } == .memory)
    #expect(try code { _ = try open(tiff(changing: 322, to: 0xFFFF_FFF0)) } == .memory)
    // A tile of 2 GB in a file of 150 bytes.
    #expect(try code { _ = try open(tiff(changing: 325, to: 0x7FFF_FFFF)) } == .damagedHeader)
    // One tile where 16 are needed.
    #expect(try code { _ = try open(tiff(changing: 256, to: 4096)) } == .damagedHeader)
    // A directory that is its own successor, and one that is not there.
    #expect(try code { _ = try open(tiff(changing: 256, to: 256, next: 8)) } == .damagedHeader)
    #expect(try code { _ = try open(tiff(changing: 256, to: 256, next: 9999)) } == .truncated)
    #expect(try code { _ = try open(tiff([], next: 0x7FFF_FFFF)) } == .truncated)
  }

  @Test(.needsPeers) func `Absurd regions are refused by the memory limit`() throws {
    let path = try OpenSlideTests.made("aperio", in: folder)
    let slide = try OpenSlideImage(.file(path: path), memoryLimit: 1 << 24)
    for (columns, rows) in [(1 << 20, 1 << 20), (Int.max, 2), (Int.max, Int.max), (1 << 21, 2)] {
      #expect(
        try code { _ = try slide.region(level: 0, x: 0, y: 0, columns: columns, rows: rows) }
          == .memory)
    }
    for place in [Int.min, Int.max, -1003, 1003, 707] {
      let region = try slide.region(level: 0, x: place, y: place, columns: 8, rows: 8)
      if place != 707 { #expect(region.uncovered == 64) }
    }
    let outside = try slide.region(level: 2, x: Int.max, y: Int.min, columns: 3, rows: 2)
    #expect(outside.bytes == [UInt8](repeating: 255, count: 18))
    #expect(outside.uncovered == 6)
  }

  @Test(.needsPeers)
  func `Levels that OpenSlide reads wrong are left out, and turned or deep slides refused`()
    throws
  {
    // Tiles of 256: the level of 250 columns is narrower than one.
    let slide = try OpenSlideImage(.file(path: OpenSlideTests.made("small_levels", in: folder)))
    #expect(slide.levels.map(\.columns) == [1003, 501])
    #expect(slide.findings.map(\.code) == ["slide_level"])
    for name in ["turned", "deep"] {
      let path = try OpenSlideTests.made(name, in: folder)
      #expect(try code { _ = try OpenSlideImage(.file(path: path)) } == .unsupportedPixels)
    }
  }

  @Test(.needsPeers) func `One damaged tile costs the regions that show it, and no others`() throws
  {
    let path = try OpenSlideTests.made("aperio", in: folder)
    var bytes = try folder.bytes(of: "x.tif")
    let whole = try OpenSlideImage(.file(path: path))
    let intact = try whole.region(level: 0, x: 500, y: 300, columns: 200, rows: 200)
    // The first tile is the first JPEG after the tables: spoil its start.
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xD8, 0xFF]) })
    for i in start..<start + 4 { bytes[i] = 0 }
    let slide = try open(bytes)
    #expect(
      try code { _ = try slide.region(level: 0, x: 0, y: 0, columns: 50, rows: 50) }
        == .damagedPixels)
    #expect(try slide.region(level: 0, x: 500, y: 300, columns: 200, rows: 200) == intact)
  }

  @Test(.needsCorpus) func `A slide cut anywhere, or damaged, ends in a region or an error`() throws
  {
    let corpus = try Corpus()
    let entry = try #require(corpus.entries.first { $0.path.hasSuffix("CMU-1-Small-Region.svs") })
    let file = try [UInt8](Data(contentsOf: corpus.url(entry)))
    var generator = SeededGenerator(seed: 4)
    var errors: [ErrorCode: Int] = [:]
    var whole = 0
    for round in 0..<60 {
      var bytes = file
      switch round % 3 {
      case 0: bytes = Array(bytes.prefix(.random(in: 1..<bytes.count, using: &generator)))
      case 1:
        for _ in 0..<20 {
          bytes[.random(in: 0..<bytes.count, using: &generator)] =
            .random(in: 0...255, using: &generator)
        }
      default:
        // The directories stand behind the pixels.
        for _ in 0..<8 {
          bytes[.random(in: bytes.count - 4000..<bytes.count, using: &generator)] =
            .random(in: 0...255, using: &generator)
        }
      }
      do {
        let slide = try open(bytes, memoryLimit: 1 << 28)
        for (x, y) in [(0, 0), (1000, 1000), (2000, 2500)] {
          _ = try slide.region(level: 0, x: x, y: y, columns: 200, rows: 200)
        }
        whole += 1
      } catch let error as ImageError {
        errors[error.code, default: 0] += 1
        #expect(!error.description.contains("/") && !error.description.contains("CMU"))
      }
    }
    print("damaged slides: \(whole) read, \(errors)")
    // Cut ones have lost their directories.
    #expect(errors.values.reduce(0, +) >= 20)
    #expect(whole > 0)
  }
}
