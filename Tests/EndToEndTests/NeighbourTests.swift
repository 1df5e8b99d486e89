import Foundation
import TestSupport
import Testing

/// Slices that are shown with those beside them.
@Suite(.needsPeers) struct NeighbourTests {
  private struct Counts: Decodable, Equatable {
    var samples, pictures, channels, ends: Int
  }

  private static func counts(_ alone: String, _ together: String, _ reach: Int) throws -> Counts {
    let one = try Bench(recipe: "{\(alone)}")
    let made = one.folder.url("made").path
    #expect(try Program.run("sample-data", "--out", made, "--quiet").code == 0)
    let other = try Bench(recipe: "{\(together)}")
    // A CT of 72 slices, an MR in two echoes, and what has no slices.
    let sources = [made + "/VOLUME", made + "/DICOM/PAT001"]
    for bench in [one, other] { #expect(try bench.convert(from: sources).code == 0) }
    let said = try Peer.run(
      script: "neighbours.py", [one.dataSet().url.path, other.dataSet().url.path, "\(reach)"],
      in: TemporaryFolder())
    return try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
  }

  @Test func `neighbours are pictures of one sample, and the last slice stands in at the ends`()
    throws
  {
    let counts = try Self.counts(
      "exclude: ['localizer']",
      "exclude: ['localizer'], slices: {select: 'every', n: 9, neighbours: 2}", 2)
    print("neighbours: \(counts)")
    #expect(counts.samples > 4 && counts.pictures == 5 * counts.samples && counts.ends > 0)
  }

  @Test func `neighbours on either side are red and blue of one picture`() throws {
    let counts = try Self.counts(
      "exclude: ['localizer'], slices: {planes: ['coronal']}",
      """
      exclude: ['localizer'],
      slices: {planes: ['coronal'], select: 'every', n: 16, neighbours: 1, neighbours_as: 'channels'}
      """, 1)
    print("neighbours: \(counts)")
    #expect(counts.samples > 4 && counts.channels == counts.samples && counts.ends > 0)
  }
}
