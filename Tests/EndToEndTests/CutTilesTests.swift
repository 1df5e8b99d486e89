import Foundation
import ImageFormats
import TestSupport
import Testing

/// Sets whose samples hold the tiles of their pictures in place of these.
@Suite(.needsPeers) struct CutTilesTests {
  private struct Counts: Decodable, Equatable {
    var samples, tiles, cut, deep: Int
  }

  /// Converts what `sample-data` makes, with and without tiles cut, and has Pillow cut the second.
  private static func compare(_ recipe: String) throws -> Counts {
    let whole = try Bench(recipe: "{\(recipe), tiles: {min: 2, max: 4}}")
    let made = whole.folder.url("made").path
    #expect(try Program.run("sample-data", "--out", made, "--quiet").code == 0)
    let cut = try Bench(recipe: "{\(recipe), tiles: {min: 2, max: 4, write: 'cut'}}")
    // Ultrasound may show a name.
    for bench in [whole, cut] { #expect(try bench.convert(from: [made + "/DICOM"]).code == 3) }
    let said = try Peer.run(
      script: "cut_tiles.py", [whole.dataSet().url.path, cut.dataSet().url.path],
      in: TemporaryFolder())
    return try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
  }

  @Test func `tiles of every modality hold the bytes that Pillow cuts`() throws {
    let counts = try Self.compare("slices: {select: 'every', n: 36}")
    print("cut: \(counts)")
    #expect(counts.samples > 40 && counts.cut == counts.samples && counts.deep == 0)
  }

  @Test func `sections that a policy refuses are left out, and their slices are used`() throws {
    let bench = try Bench(
      recipe: """
        {slices: {planes: ['acquired', 'coronal'], square_pixels: false},
          tiles: {policy: 'smart-resize'}}
        """)
    var series = PhantomSeries(patient: 1, .ct, slices: 6)
    (series.rows, series.columns) = (30, 40)
    for slice in 0..<6 {
      try bench.write(DICOMWriter.file(series.object(slice)), to: "\(slice).dcm")
    }
    #expect(try bench.convert().code == 0)
    let set = bench.dataSet()
    #expect(try set.rows().count == 6 && set.rejects().isEmpty)
    #expect(try set.rows().allSatisfy { $0.provenance.gaps.isEmpty })
    // 30 of 40 x 6 pixels, a side below 28.
    #expect(try set.findings()["tiles_refused"] == 30)
  }

  @Test func `slices that a policy refuses are rejects, with the reason`() throws {
    let bench = try Bench(recipe: "{tiles: {policy: 'smart-resize'}}")
    var series = PhantomSeries(patient: 1, .ct, slices: 2)
    (series.rows, series.columns) = (20, 40)
    for slice in 0..<2 {
      try bench.write(DICOMWriter.file(series.object(slice)), to: "\(slice).dcm")
    }
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rejects().map(\.code) == ["tiling", "tiling"])
  }

  @Test func `grey of 16 bits on a coloured ground becomes red, green and blue`() throws {
    let bench = try Bench(
      recipe:
        "{picture: {depth: 16}, slices: {square_pixels: false}, tiles: {policy: 'expand2square', write: 'cut'}}"
    )
    var series = PhantomSeries(patient: 1, .ct, slices: 1)
    (series.rows, series.columns) = (20, 40)
    try bench.write(DICOMWriter.file(series.object(0)), to: "slice.dcm")
    #expect(try bench.convert().code == 0)
    let file = try #require(bench.dataSet().pictureBytes().first)
    // The header chunk: width, height, bits of a sample, and 2 for red, green and blue.
    #expect(
      [UInt8](file[file.startIndex + 16..<file.startIndex + 26]) == [
        0, 0, 1, 80, 0, 0, 1, 80, 8, 2,
      ])
    let tiles = try #require(bench.dataSet().rows().first?.pictures[0].tiles)
    // 40 columns on 336: 8.4 times as many, and 20 rows from 10 on.
    #expect(tiles.content == [0, 84, 336, 252])
  }

  @Test func `tiles of 16 bits are resized in floating point`() throws {
    let counts = try Self.compare("slices: {select: 'every', n: 36}, picture: {depth: 16}")
    print("cut: \(counts)")
    #expect(counts.deep > 2)
  }
}
