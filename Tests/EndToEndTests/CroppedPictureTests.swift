import Foundation
import ImageFormats
import TestSupport
import Testing

/// What is cut off and blanked on the way into a picture, against numpy.
@Suite struct CroppedPictureTests {
  /// "name left top right bottom blank sources" of every sample, sorted.
  private func crops(_ bench: Bench, _ words: String) throws -> [String] {
    let end = try bench.convert()
    #expect(end.code == 0, "\(end.errors)")
    return try Peer.run(
      script: "cropped_pictures.py",
      ["check", bench.dataSet().url.path, bench.sources.path, words], in: bench.folder
    ).split(separator: "\n").map(String.init).sorted()
  }

  private func bench(_ recipe: String) throws -> Bench {
    let bench = try Bench(recipe: recipe)
    try Peer.run(script: "cropped_pictures.py", ["make", bench.sources.path], in: bench.folder)
    return bench
  }

  @Test(.needsPeers) func `Ultrasound shows its regions, and X-ray all of it, as numpy crops`()
    throws
  {
    let bench = try bench("{}")
    let said = try crops(bench, "regions")
    // 13 pictures, 3 frames and 3 slices of ultrasound, 14 of X-rays.
    #expect(said.count == 33)
    // Of 64 x 35 pixels around 28 x 35 and 34 x 26 (rows 10 to 35): 2345 - 980 - 884.
    #expect(said.contains("us_two 3 6 70 41 481 ultrasound,ultrasound"))
    #expect(said.contains("us_white 3 6 70 41 481 ultrasound,ultrasound"))
    #expect(said.contains("us_one 8 5 51 45 0 ultrasound"))
    #expect(said.contains("us_edge 8 5 71 60 0 ultrasound"))
    #expect(said.filter { $0.hasPrefix("us_film 7 9 61 50 607") }.count == 3)
    let whole = said.filter { $0.hasSuffix(" 0 -") }.map { $0.prefix { $0 != " " } }
    #expect(
      whole.filter { $0.hasPrefix("us") }
        == ["us_all", "us_huge", "us_outside", "us_reversed", "us_thin", "us_trace"])
    #expect(whole.count == 6 + 14)
    let findings = try bench.dataSet().findings()
    #expect(findings["ultrasound_regions"] == 4)
    #expect(findings["ultrasound_region_edge"] == 1)
    #expect(findings["background"] == nil)
    // A circle without its centre.
    #expect(findings["shutter"] == 1)
  }

  @Test(.needsPeers) func `Collimator, shutter and background are cropped on request`() throws {
    let bench = try bench(
      "{picture: {ultrasound: \"whole\", collimator: \"crop\", background: \"crop\"}}")
    let said = try crops(bench, "collimator,background")
    #expect(said.count == 33)
    #expect(said.filter { $0.hasPrefix("us") }.allSatisfy { $0.hasSuffix(" 0 -") })
    // Columns 11 to 60 and rows 6 to 40, counted from 1.
    #expect(said.contains("dx_rectangle 10 5 60 40 0 collimator"))
    #expect(said.contains { $0.hasPrefix("dx_circle") && $0.hasSuffix(" collimator") })
    #expect(said.contains { $0.hasSuffix(" collimator,collimator,collimator,shutter") })
    // Half of 90 x 120: the finger and its margin are less.
    #expect(said.contains("cr_corner 45 0 90 60 0 background"))
    // The breast ends at column 37 and in rows 16 and 94, or a little before; 3 pixels are margin, and
    // 45 columns half of the side. Letters beside it keep nothing.
    #expect(said.contains("mg_letters 0 13 45 98 0 background"))
    #expect(said.contains("mg_inverse 0 13 45 98 0 background"))
    #expect(said.contains { $0.hasPrefix("dx_hands") && $0.hasSuffix(" collimator,background") })
    for name in ["dx_nothing", "dx_broken", "dx_whole", "dx_noise", "dx_flat"] {
      #expect(said.contains { $0.hasPrefix(name + " ") && $0.hasSuffix(" 0 -") }, "\(name)")
    }
    let findings = try bench.dataSet().findings()
    // A circle without its centre, and a slit of 3 of 71 columns.
    #expect(findings["shutter"] == 2)
    // All radiographs but for the two mammograms, hands and finger, whose values fall into two classes.
    #expect(findings["background"] == 10)
  }

  @Test(.needsPeers) func `Without a word of the recipe but whole nothing is cropped`() throws {
    let said = try crops(try bench("{picture: {ultrasound: \"whole\"}}"), "-")
    #expect(said.count == 33)
    #expect(said.allSatisfy { $0.hasSuffix(" 0 -") })
  }
}
