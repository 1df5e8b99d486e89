import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Slides of microscope makers beside openslide-python, through the same OpenSlide.
@Suite struct OpenSlideTests {
  /// What openslide-python says of a slide.
  struct Answer: Decodable {
    var version: String
    var vendor: String
    var levels: [[Int]]
    var downsamples: [Double]
    var mpp: [Double?]
    var power: Double?
    var pictures: [String]
    var transparent: [Int]
  }

  struct Region: CustomStringConvertible {
    var level, x, y, columns, rows: Int
    var description: String { "\(level) \(x) \(y) \(columns) \(rows)" }
  }

  /// Regions of every level: corners, the middle, over the edges, and some at random.
  static func regions(_ levels: [SlideLevel], seed: UInt64) -> [Region] {
    var generator = SeededGenerator(seed: seed)
    return levels.enumerated().flatMap { number, level -> [Region] in
      let (columns, rows) = (level.columns, level.rows)
      var regions = [
        Region(level: number, x: 0, y: 0, columns: min(columns, 700), rows: min(rows, 500)),
        Region(level: number, x: columns / 2, y: rows / 2, columns: 333, rows: 257),
        Region(level: number, x: columns - 1, y: rows - 1, columns: 1, rows: 1),
        Region(level: number, x: columns - 50, y: rows - 40, columns: 448, rows: 448),
      ]
      // Outside on the left: OpenSlide's own places are whole only where the downsample is.
      if level.downsample == level.downsample.rounded() {
        regions.append(Region(level: number, x: -30, y: -20, columns: 448, rows: 448))
        regions.append(Region(level: number, x: -30, y: 5, columns: 30, rows: 40))
      }
      for _ in 0..<6 {
        regions.append(
          Region(
            level: number, x: .random(in: 0..<columns, using: &generator),
            y: .random(in: 0..<rows, using: &generator),
            columns: .random(in: 1...500, using: &generator),
            rows: .random(in: 1...500, using: &generator)))
      }
      return regions
    }
  }

  static func ask(_ path: String, _ regions: [Region], in folder: TemporaryFolder) throws -> Answer
  {
    let lines = regions.map { $0.description + "\n" }.joined()
    try folder.write(Array(lines.utf8), to: "regions.txt")
    let text = try Peer.run(script: "openslide_regions.py", [path], in: folder)
    return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
  }

  /// How many regions were equal.
  @discardableResult
  static func compare(_ path: String, seed: UInt64) throws -> Int {
    let folder = try TemporaryFolder()
    let slide = try OpenSlideImage(.file(path: path))
    let regions = regions(slide.levels, seed: seed)
    let answer = try ask(path, regions, in: folder)
    let library = LibraryVersions.all.first { $0.name == "openslide" }?.version
    try #require(answer.version == library, "openslide-python uses another OpenSlide")
    #expect(slide.vendor == answer.vendor)
    // Levels that are left out are the last ones.
    #expect(slide.levels.count <= answer.levels.count)
    #expect(
      slide.levels.map { [$0.columns, $0.rows] } == Array(answer.levels.prefix(slide.levels.count)))
    #expect(slide.levels.map(\.downsample) == Array(answer.downsamples.prefix(slide.levels.count)))
    #expect(slide.micronsPerPixel?.x == answer.mpp[0])
    #expect(slide.micronsPerPixel?.y == answer.mpp[1])
    #expect(slide.objectivePower == answer.power)
    let words = ["label": SlidePicture.label, "macro": .overview, "thumbnail": .thumbnail]
    #expect(Set(slide.pictures) == Set(answer.pictures.map { words[$0] ?? .other }))
    for (i, region) in regions.enumerated() {
      let ours = try slide.region(
        level: region.level, x: region.x, y: region.y, columns: region.columns, rows: region.rows)
      #expect(ours.bytes == (try folder.bytes(of: "\(i).rgb")), "region \(region)")
      #expect(ours.uncovered == answer.transparent[i], "region \(region)")
    }
    return regions.count
  }

  @Test(.needsCorpus, .needsPeers)
  func `Regions of every slide of the corpus are openslide-python's, byte for byte`() throws {
    let corpus = try Corpus()
    var counts: [String: Int] = [:]
    var refused: [String: Int] = [:]
    for entry in corpus.entries where entry.kind.contains("TIFF") {
      let path = corpus.url(entry).path
      guard let vendor = try OpenSlideImage.vendor(path: path) else { continue }
      do {
        counts[vendor, default: 0] += try Self.compare(path, seed: 3)
      } catch let error as ImageError {
        refused[error.code.rawValue, default: 0] += 1
      }
    }
    print("slides: regions equal \(counts.sorted { $0.key < $1.key }), refused \(refused)")
    // CMU-1-Small-Region.svs has one level, of 12 regions.
    #expect(counts["aperio"] == 12)
    #expect(counts["generic-tiff", default: 0] >= 60)
  }

  /// Writes a slide of `make_slide.py` and gives its path.
  static func made(_ name: String, in folder: TemporaryFolder) throws -> String {
    try Peer.run(script: "make_slide.py", [name], in: folder)
    return folder.url("x.tif").path
  }

  @Test(.needsPeers, arguments: ["aperio", "alpha", "small_levels"])
  func `Regions of generated pyramids are openslide-python's, byte for byte`(name: String) throws {
    let folder = try TemporaryFolder()
    #expect(try Self.compare(Self.made(name, in: folder), seed: 5) >= 12)
  }

  @Test(.needsPeers) func `Label, macro and thumbnail are told and no level`() throws {
    let folder = try TemporaryFolder()
    let slide = try OpenSlideImage(.file(path: Self.made("aperio", in: folder)))
    #expect(Set(slide.pictures) == [.label, .overview, .thumbnail])
    #expect(slide.pictures.count == 3)
    // The script's sizes: 60 x 50 and 100 x 70 are the pictures'.
    #expect(slide.levels.map(\.columns) == [1003, 250, 62])
    #expect(slide.levels.map(\.rows) == [707, 176, 44])
  }

  /// How many levels of a slide have tifffile's bytes.
  private func compareWithTIFFFile(_ path: String, _ slide: OpenSlideImage) throws -> Int {
    let folder = try TemporaryFolder()
    let lines = try Peer.run(script: "tiff_levels.py", [path], in: folder)
      .split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
    for (i, level) in slide.levels.enumerated() {
      try #require(lines[i] == [level.columns, level.rows])
      let all = try slide.region(level: i, x: 0, y: 0, columns: level.columns, rows: level.rows)
      #expect(all.bytes == (try folder.bytes(of: "\(i).rgb")), "\(path) level \(i)")
    }
    return slide.levels.count
  }

  @Test(.needsCorpus, .needsPeers)
  func `Levels of tiled TIFFs are tifffile's, byte for byte`() throws {
    let corpus = try Corpus()
    var equal = 0
    var refused = 0
    for entry in corpus.entries
    where ["large_image", "libvips"].contains(where: entry.path.contains)
      && entry.kind.contains("TIFF")
    {
      let path = corpus.url(entry).path
      guard try OpenSlideImage.vendor(path: path) != nil else { continue }
      if let slide = try? OpenSlideImage(.file(path: path)) {
        equal += try compareWithTIFFFile(path, slide)
      } else {
        refused += 1
      }
    }
    print("tiled TIFF: \(equal) levels equal to tifffile's, \(refused) files refused")
    // yb10kx5k: three levels; rgba_geotiff: one; test_orient0, 1: one each; CMU-1-Small-Region: one. The
    // others `PicturePeerTests` compares, as pages of ordinary pictures.
    #expect(equal == 7)
    // test_orient2 to 8, small_la.
    #expect(refused == 8)
  }

  /// openslide-python shares its library with what is tested; tifffile does not.
  @Test(.needsPeers, arguments: [("aperio", 3), ("alpha", 1), ("small_levels", 2)])
  func `Levels of generated pyramids are tifffile's, byte for byte`(name: String, levels: Int)
    throws
  {
    let folder = try TemporaryFolder()
    let path = try Self.made(name, in: folder)
    #expect(try compareWithTIFFFile(path, OpenSlideImage(.file(path: path))) == levels)
  }
}
