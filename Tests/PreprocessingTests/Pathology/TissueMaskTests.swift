import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Tissue beside scikit-image and SciPy, on a slide of the corpus and on made pictures whose tissue is
/// known.
@Suite struct TissueMaskTests {
  private static let slide = Corpus.location.appending(
    path: "libvips__libvips/test/test-suite/images/CMU-1-Small-Region.svs")

  private struct Row {
    var name: String
    var otsu: Int?
    var threshold: Int
    var share: Double
    var overlap: Double?
  }

  /// Makes the pictures, has their masks compared pixel by pixel, and gives what the peer says of them.
  private static func compared(_ slides: [String]) throws -> [Row] {
    let folder = try TemporaryFolder()
    try Peer.run(script: "tissue.py", ["make"] + slides, in: folder)
    let lines = String(decoding: try folder.bytes(of: "pictures.txt"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: " ") }
    var found: [[Int?]] = []
    for (number, words) in lines.enumerated() {
      func mask(_ rules: TissueRules) throws -> TissueMask {
        try TissueMask(
          columns: #require(Int(words[1])), rows: #require(Int(words[2])),
          bytes: folder.bytes(of: "\(number).rgb"),
          micronsPerPixel: MicronsPerPixel(
            x: #require(Double(words[3])), y: #require(Double(words[4]))), rules: rules)
      }
      let tissue = try mask(TissueRules())
      found.append([tissue.otsuThreshold, tissue.threshold, tissue.inkArea])
      try folder.write(tissue.mask.bytes, to: "\(number).mask")
      var kept = TissueRules()
      kept.pens = nil
      try folder.write(mask(kept).mask.bytes, to: "\(number).kept")
    }
    try folder.write([UInt8](JSONEncoder().encode(found)), to: "found.json")
    let said = try Peer.run(script: "tissue.py", ["check"], in: folder)
    let rows = try #require(JSONSerialization.jsonObject(with: Data(said.utf8)) as? [[Any]])
    return rows.map {
      Row(
        name: $0[0] as? String ?? "", otsu: $0[1] as? Int, threshold: $0[2] as? Int ?? 0,
        share: $0[3] as? Double ?? -1, overlap: $0[4] as? Double)
    }
  }

  @Test(.needsPeers)
  func `Masks are those of scikit-image and SciPy, and lie where tissue was painted`() throws {
    let rows = try Self.compared([])
    #expect(rows.count == 12)
    var overlaps: [String: Double] = [:]
    for row in rows { overlaps[row.name] = row.overlap }
    // The margin of 48 micrometres around ink and black is lost, where they lie on tissue.
    #expect(overlaps["border"] ?? 0 > 0.95)
    #expect(overlaps["green_over"] ?? 0 > 0.9)
    for name in ["section", "pale", "holes", "green", "blue", "red", "black", "blood", "all"] {
      #expect(overlaps[name] ?? 0 > 0.999, "\(name)")
    }
    // Grain of glass alone has a threshold too, which is not believed; nor that within one tissue.
    let glass = try #require(rows.first { $0.name == "glass" })
    #expect(try #require(glass.otsu) < 15 && glass.threshold == 15 && glass.share == 0)
    let all = try #require(rows.first { $0.name == "all" })
    #expect(try #require(all.otsu) > 40 && all.threshold == 40 && all.share == 1)
  }

  @Test(.needsPeers, .needsCorpus)
  func `A slide of the corpus has the threshold and the tissue that scikit-image finds`() throws {
    let row = try #require(try Self.compared([Self.slide.path]).last)
    #expect(row.name == "slide")
    // By the eye about a third of the picture is tissue.
    #expect((0.25...0.45).contains(row.share))
  }

  @Test func `Pictures of one colour have no threshold, and are tissue where they are no glass`() {
    func mask(_ color: [UInt8], pens: PenRules? = PenRules()) -> TissueMask {
      var rules = TissueRules()
      rules.pens = pens
      return TissueMask(
        columns: 20, rows: 20, bytes: Array(repeating: color, count: 400).flatMap { $0 },
        micronsPerPixel: MicronsPerPixel(x: 8, y: 8), rules: rules)
    }
    #expect(mask([255, 255, 255]).otsuThreshold == nil)
    #expect(mask([255, 255, 255]).tissueShare == 0)
    #expect(mask([0, 0, 0]).tissueShare == 0)
    #expect(mask([0, 0, 0], pens: nil).tissueShare == 0)
    #expect(mask([190, 110, 170]).tissueShare == 1)
    // Darker than 40 of 255 in its lightest colour, but as saturated as a stain.
    #expect(mask([39, 5, 39]).tissueShare == 0)
    #expect(mask([40, 5, 40]).tissueShare == 1)
    // 20 x 20 pixels of 8 micrometres are 25,600 square micrometres: too small for a pen's mark.
    #expect(mask([40, 150, 80]).tissueShare == 1)
    var small = PenRules()
    small.smallestMark = 25_599
    #expect(mask([40, 150, 80], pens: small).tissueShare == 0)
  }

  @Test(.needsPeers) func `Small regions, holes and margins are those of scikit-image`() throws {
    struct Found: Encodable {
      var columns, rows, area, across, down: Int
      var plane, removed, filled, widened: [UInt8]
    }
    var generator = SeededGenerator(seed: 23)
    let found = (0..<120).map { number -> Found in
      let (columns, rows) = (
        Int.random(in: 1...40, using: &generator), Int.random(in: 1...40, using: &generator)
      )
      // Sparse, dense, and in between, where regions are largest.
      let share = Double(number % 9 + 1) / 10
      let plane = PlaneMask(
        columns: columns, rows: rows,
        bytes: (0..<columns * rows).map { _ in
          Double.random(in: 0..<1, using: &generator) < share ? 1 : 0
        })
      let (area, across, down) = (
        Int.random(in: 0...12, using: &generator), Int.random(in: 0...4, using: &generator),
        Int.random(in: 0...4, using: &generator)
      )
      var (removed, filled, widened) = (plane, plane, plane)
      removed.removeRegions(upTo: area)
      filled.fillHoles(upTo: area)
      widened.widen(columns: across, rows: down)
      return Found(
        columns: columns, rows: rows, area: area, across: across, down: down, plane: plane.bytes,
        removed: removed.bytes, filled: filled.bytes, widened: widened.bytes)
    }
    let folder = try TemporaryFolder()
    try folder.write([UInt8](JSONEncoder().encode(found)), to: "found.json")
    #expect(try Peer.run(script: "tissue.py", ["regions"], in: folder) == "120\n")
  }

  @Test(.needsPeers)
  func `Pictures made smaller in parts are those of Pillow's reduce, byte for byte`() throws {
    var generator = SeededGenerator(seed: 24)
    let folder = try TemporaryFolder()
    var (jobs, ours) = ("", [[UInt8]]())
    for number in 0..<40 {
      let channels = number.isMultiple(of: 2) ? 3 : 1
      let (columns, rows) = (
        Int.random(in: 1...90, using: &generator), Int.random(in: 1...90, using: &generator)
      )
      let factor = number < 20 ? number + 1 : Int.random(in: 1...40, using: &generator)
      let bytes = (0..<columns * rows * channels).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      var reduction = PictureReduction(
        columns: columns, rows: rows, channels: channels, factor: factor)
      let side = 2 * factor
      for top in stride(from: 0, to: rows, by: side) {
        for left in stride(from: 0, to: columns, by: side) {
          let (inX, inY) = (left..<min(left + side, columns), top..<min(top + side, rows))
          let part = inY.flatMap { row in
            bytes[
              (row * columns + inX.lowerBound) * channels..<(row * columns + inX.upperBound)
                * channels]
          }
          reduction.put(part, columns: inX, rows: inY)
        }
      }
      try folder.write(bytes, to: "\(number).in")
      jobs += "\(number) \(columns) \(rows) \(channels) \(factor)\n"
      ours.append(reduction.bytes)
    }
    try folder.write(Array(jobs.utf8), to: "jobs.txt")
    try Peer.run(script: "tissue.py", ["reduce"], in: folder)
    for (number, bytes) in ours.enumerated() {
      #expect(try folder.bytes(of: "\(number).out") == bytes, "picture \(number)")
    }
  }
}
