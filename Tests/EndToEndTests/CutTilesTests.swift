import Foundation
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

  @Test func `tiles of 16 bits are resized in floating point`() throws {
    let counts = try Self.compare("slices: {select: 'every', n: 36}, picture: {depth: 16}")
    print("cut: \(counts)")
    #expect(counts.deep > 2)
  }
}
